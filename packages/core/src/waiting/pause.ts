import { realTimers } from './real-timers.ts'

/** Resolves after `time` milliseconds, or rejects with the reason of the signal, if there is one. */
export async function pause(time: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await realTimers.delay(time, undefined, { signal })
  } catch (error) {
    throw signal?.aborted ? signal.reason : error
  }
}
