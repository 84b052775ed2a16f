import { DiskCacheError } from './errors.ts'

/** Knows when a store may be used: while it is open, and not inside the callback of its own `update`. */
export class UsageGuard {
  #inUpdate = false
  /** The error that a callback of `update` threw last. Whatever it is, it says nothing about the database. */
  callbackError: unknown

  /**
   * Lets an operation pass. Every public operation begins with this.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED, ERR_DISKCACHE_REENTRANT when the store may not be used now
   */
  assertUsable(isOpen: boolean): void {
    if (!isOpen) throw closedError()
    if (this.#inUpdate) {
      throw new DiskCacheError(
        'ERR_DISKCACHE_REENTRANT',
        'Cannot use the cache inside the callback of update',
      )
    }
  }

  /** Runs the callback of `update`, which must not use the store, and returns what the callback returns. */
  runCallback<T>(callback: () => T): T {
    this.#inUpdate = true
    try {
      return callback()
    } catch (error) {
      this.callbackError = error
      throw error
    } finally {
      this.#inUpdate = false
    }
  }
}

/** Makes the error for a store that is used after `close()`. */
export function closedError(): DiskCacheError {
  return new DiskCacheError('ERR_DISKCACHE_CLOSED', 'Cannot use the cache: it is closed')
}
