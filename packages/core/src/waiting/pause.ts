import { setTimeout as delay } from 'node:timers/promises'

/** Resolves after `time` milliseconds, or rejects with the signal's reason. */
export async function pause(time: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(time, undefined, { signal })
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  }
}
