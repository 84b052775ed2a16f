import { quote } from '../checks/argument-check.ts'
import type { Key } from '../contract/entry.ts'
import { DiskCacheError } from '../contract/errors.ts'

/** A lock, or a place in a semaphore, for as long as it is held. */
export interface Hold extends AsyncDisposable {
  /**
   * A fencing token: higher than that of every earlier hold on the key. Hand it to what the lock protects, and let that
   * refuse lower ones, as `setIfNewer` does.
   */
  readonly token: number
  /** Aborted when the lease could not be kept. Its reason is an `ERR_DISKCACHE_LOCK_LOST`. */
  readonly lost: AbortSignal
  /**
   * Throws `ERR_DISKCACHE_LOCK_LOST` when the hold is lost, was released, or one of this process's clocks has passed the
   * end of the lease: for code that may just have woken up, before it does what must not be done twice.
   */
  check(): void
  /**
   * Gives it back. Again: does nothing.
   *
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_LOST when it was lost; what others hold by now is left alone
   */
  release(): Promise<void>
}

export function lockLost(key: Key, why: string, cause?: unknown): DiskCacheError {
  const options = cause === undefined ? { key } : { key, cause }
  return new DiskCacheError('ERR_DISKCACHE_LOCK_LOST', `Cannot keep the lock ${quote(key)}: ${why}`, options)
}

/** Runs `body`, and releases. An error of the body is worth more than one of the release. */
export async function withHold<H extends Hold, T>(hold: H, body: (hold: H) => T | Promise<T>): Promise<T> {
  let result: T
  try {
    result = await body(hold)
  } catch (error) {
    await hold.release().catch(() => {})
    throw error
  }
  await hold.release()
  return result
}
