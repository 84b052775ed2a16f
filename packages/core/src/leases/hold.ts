import { quote } from '../checks/argument-check.ts'
import type { Key } from '../contract/entry.ts'
import { DiskCacheError } from '../contract/errors.ts'

/** A lock, or a place in a semaphore, for as long as it is held. `await using` releases it at the end of the scope. */
export interface Hold extends AsyncDisposable {
  /**
   * A fencing token: a whole number, higher than that of every earlier hold on the key in all processes. Hand it to
   * what the lock protects, and let that refuse lower ones, as `setIfNewer` does.
   */
  readonly token: number
  /**
   * Fires when the lease could not be kept: the row is gone or another holder's, the store is closed, its failures lasted
   * until the end of the lease, or `maxHold` is over. It fires before the lease is over, by a tenth of it and half a second
   * at most; after a stall, `aborted` is true for whoever asks, before any timer has run. The reason is a `DiskCacheError`
   * with the code `ERR_DISKCACHE_LOCK_LOST`.
   */
  readonly lost: AbortSignal
  /**
   * Throws unless the hold still has its lease. For code that may just have woken up, before it does what must not be
   * done twice. Nothing is read from the store: this process's monotonic clock and its wall clock decide.
   *
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_LOST when the hold is lost, was released, or one of the clocks has passed
   * the end of the lease
   */
  check(): void
  /**
   * Gives the lock or the place back, for all processes. A second call does nothing; after a failure of the store, a
   * call tries again.
   *
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_LOST when the hold was lost; what others hold by now is left alone
   */
  release(): Promise<void>
}

/** Returns the error for a hold that ended against its owner's will; `why` completes its message. */
export function lockLost(key: Key, why: string, cause?: unknown): DiskCacheError {
  const options = cause === undefined ? { key } : { key, cause }
  return new DiskCacheError('ERR_DISKCACHE_LOCK_LOST', `Cannot keep the lock ${quote(key)}: ${why}`, options)
}

/**
 * Runs `body`, releases the hold, and returns what the body returned. An error of the body comes before one of the
 * release.
 */
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
