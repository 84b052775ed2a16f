import { type Hold, type Key, lockLost, Once, type RecipeStore } from '@diskcache/core'

/** Which lock it is, whichever object stands for it. */
export interface LockIdentity {
  readonly store: RecipeStore
  readonly id: string
  /** What the caller calls it. */
  readonly key: Key
}

/** One of several holds that share the lock underneath, which is released with the last of them. */
export class ReentrantHold implements Hold {
  readonly #identity: LockIdentity
  readonly #lock: Hold
  /** Those that are not released. */
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

  isOf({ store, id }: LockIdentity): boolean {
    return this.#identity.store === store && this.#identity.id === id
  }

  check(): void {
    if (this.#released.hasBegun) throw lockLost(this.#identity.key, 'it was released')
    this.#lock.check()
  }

  /** Another hold on the same lock; throws when this one is lost or released. */
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

/** Apart from the class: bundlers give a class that names itself another name, which logs would show. */
function sharedHold(...args: ConstructorParameters<typeof ReentrantHold>): ReentrantHold {
  return new ReentrantHold(...args)
}
