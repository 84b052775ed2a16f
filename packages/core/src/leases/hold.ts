import { quote } from '../checks/argument-check.ts'
import type { Key } from '../contract/entry.ts'
import { DiskCacheError } from '../contract/errors.ts'

/** A lock, or a place in a semaphore, for as long as it is held. */
export interface Hold extends AsyncDisposable {
  /**
   * The fencing token, higher than that of every earlier hold on the key. Hand it to what the lock protects, and let
   * that refuse lower ones, as `setIfNewer` does.
   */
  readonly token: number
  /** A signal that is aborted when the lease could not be kept, with an `ERR_DISKCACHE_LOCK_LOST` as its reason. */
  readonly lost: AbortSignal
  /**
   * Lets the caller pass while the hold lasts. It is for code that may just have woken up, before that does what must
   * not be done twice.
   *
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_LOST when the hold is lost, was released, or one of this process's
   * clocks has passed the end of the lease
   */
  check(): void
  /**
   * Gives the lock or the place back, for all processes. A second call does nothing.
   *
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_LOST when the hold was lost; what others hold by now is left alone
   */
  release(): Promise<void>
}

/** Makes the error for a lock that could not be kept, because of `why`. */
export function lockLost(key: Key, why: string, cause?: unknown): DiskCacheError {
  const options = cause === undefined ? { key } : { key, cause }
  return new DiskCacheError('ERR_DISKCACHE_LOCK_LOST', `Cannot keep the lock ${quote(key)}: ${why}`, options)
}

/**
 * Runs `body` with a hold, releases the hold, and resolves to what `body` returns. An error of the body goes before
 * one of the release.
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
