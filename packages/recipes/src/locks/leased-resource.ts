import type { Abortable, Hold, Leases, WaitOptions } from '@diskcache/core'

/** What a `Lock` and a `BoundedSemaphore` can do. */
export abstract class LeasedResource {
  readonly #leases: Leases

  constructor(leases: Leases) {
    this.#leases = leases
  }

  /**
   * Waits until it can be had. Those who wait in one process get it in the order in which they asked. With a timeout of
   * 0 it is tried once.
   *
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT when others have it for longer than `timeout`
   */
  acquire(wait?: WaitOptions): Promise<Hold> {
    return this.#leases.acquire(wait)
  }

  /** The hold, or `undefined` when it cannot be had now. Does not stand in line. */
  tryAcquire(options?: Abortable): Promise<Hold | undefined> {
    return this.#leases.tryAcquire(options)
  }

  /**
   * Runs `body` while it is held, and gives what that gives.
   *
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_LOST when the body succeeded, but the hold was lost meanwhile
   */
  run<T>(body: (hold: Hold) => T | Promise<T>, wait?: WaitOptions): Promise<T> {
    return this.#leases.run(body, wait)
  }

  /** Whether nobody can have it now. */
  locked(): Promise<boolean> {
    return this.#leases.isFull()
  }
}
