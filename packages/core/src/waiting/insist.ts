import { hasCode } from '../contract/errors.ts'
import { pause } from './pause.ts'

/** What a store that cannot be asked fails with: it did not answer, was not asked, or there is no connection to it. */
const CODES = ['ERR_DISKCACHE_TIMEOUT', 'ERR_DISKCACHE_UNAVAILABLE', 'ERR_DISKCACHE_ENGINE'] as const

/** The pause before a store that could not be asked is asked again, in milliseconds. */
const STALL_MS = 20

/** Settles as the task does, which is tried again and again while the store cannot be asked, until the signal fires. */
export async function insist<T>(task: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (;;) {
    try {
      return await task()
    } catch (error) {
      if (!isAway(error)) throw error
      // Where the signal has fired meanwhile, this rejects with its reason.
      await pause(STALL_MS, signal)
    }
  }
}

function isAway(error: unknown): boolean {
  return CODES.some((code) => hasCode(error, code))
}
