import { DiskCacheError } from './errors.ts'

/** When a store may be used: while it is open, and not inside the callback of its own `update`. */
export class UsageGuard {
  #inUpdate = false
  /** What a callback of `update` threw last: whatever it is, it says nothing about the database. */
  callbackError: unknown

  /** Every public operation begins with this. */
  assertUsable(isOpen: boolean): void {
    if (!isOpen) throw closedError()
    if (this.#inUpdate) {
      throw new DiskCacheError(
        'ERR_DISKCACHE_REENTRANT',
        'Cannot use the cache inside the callback of update',
      )
    }
  }

  /** Runs the callback of `update`, which must not use the store. */
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

export function closedError(): DiskCacheError {
  return new DiskCacheError('ERR_DISKCACHE_CLOSED', 'Cannot use the cache: it is closed')
}
