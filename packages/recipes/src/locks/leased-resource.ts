import type { Abortable, Hold, Leases, WaitOptions } from '@diskcache/core'

/** What a `Lock` and a `BoundedSemaphore` have in common. */
export abstract class LeasedResource {
  readonly #leases: Leases

  constructor(leases: Leases) {
    this.#leases = leases
  }

  /**
   * Waits until the lock, or a place in the semaphore, is free, and returns a hold. Callers of one process get theirs
   * in the order in which they asked; processes have turns in the order in which they stand in line, which they do when
   * they find it taken a second time, or others in line. With a timeout of 0 it is tried once, past those who wait.
   *
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT when others have it for longer than `timeout` milliseconds
   * @throws DiskCacheError ERR_DISKCACHE_UNAVAILABLE when the store is away, and `timeout` says nothing of waiting
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  acquire(wait?: WaitOptions): Promise<Hold> {
    return this.#leases.acquire(wait)
  }

  /**
   * Returns a hold, or `undefined` when none can be had now. Does not stand in line, and passes those who do.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  tryAcquire(options?: Abortable): Promise<Hold | undefined> {
    return this.#leases.tryAcquire(options)
  }

  /**
   * Runs `body` while a hold lasts, and returns what the body returns.
   *
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT when others have it for longer than `timeout` milliseconds
   * @throws DiskCacheError ERR_DISKCACHE_UNAVAILABLE when the store is away, and `timeout` says nothing of waiting
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_LOST when the body succeeded, but the hold was lost meanwhile
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  run<T>(body: (hold: Hold) => T | Promise<T>, wait?: WaitOptions): Promise<T> {
    return this.#leases.run(body, wait)
  }

  /**
   * Returns whether all places are taken, in whichever processes, so that nobody can acquire one now.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  locked(): Promise<boolean> {
    return this.#leases.isFull()
  }
}
