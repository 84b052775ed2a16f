import { commonOf, type Hold, type Key, lockLost, Once, type RecipeStore } from '@diskcache/core'

/** What makes two objects one lock: the store, which may have several objects, and the row. */
export interface LockIdentity {
  readonly store: RecipeStore
  readonly id: string
  /** What the caller calls the lock. */
  readonly key: Key
}

/** One of several holds that share the lock underneath, which is released with the last of them. */
export class ReentrantHold implements Hold {
  readonly #identity: LockIdentity
  readonly #lock: Hold
  /** The holds on this lock that are not released. */
  readonly #sharers: Set<ReentrantHold>
  readonly #released = new Once()

  constructor(identity: LockIdentity, lock: Hold, sharers = new Set<ReentrantHold>()) {
    this.#identity = identity
    this.#lock = lock
    this.#sharers = sharers
    sharers.add(this)
  }

  get token(): number {
    return this.#lock.token
  }

  get lost(): AbortSignal {
    return this.#lock.lost
  }

  /** Returns whether this is a hold on that lock. */
  isOf({ store, id }: LockIdentity): boolean {
    return commonOf(this.#identity.store) === commonOf(store) && this.#identity.id === id
  }

  check(): void {
    if (this.#released.hasBegun) throw lockLost(this.#identity.key, 'it was released')
    this.#lock.check()
  }

  /**
   * Returns another hold on the same lock.
   *
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_LOST when this one is lost or released
   */
  share(): ReentrantHold {
    this.check()
    return sharedHold(this.#identity, this.#lock, this.#sharers)
  }

  release(): Promise<void> {
    return this.#released.run(() => this.#release())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release()
  }

  async #release(): Promise<void> {
    this.#sharers.delete(this)
    if (this.#sharers.size === 0) await this.#lock.release()
    else this.#lock.check()
  }
}

/** Makes a hold outside of the class: bundlers give a class that names itself another name, which logs would show. */
function sharedHold(...args: ConstructorParameters<typeof ReentrantHold>): ReentrantHold {
  return new ReentrantHold(...args)
}
