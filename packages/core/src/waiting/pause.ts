import { setTimeout as delay } from 'node:timers/promises'

/** Resolves after `time` milliseconds, or rejects with the reason of the signal, if there is one. */
export async function pause(time: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(time, undefined, { signal })
  } catch (error) {
    throw signal?.aborted ? signal.reason : error
  }
}
