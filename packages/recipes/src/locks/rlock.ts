import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type AnyStore,
  checkFunction,
  checkWaitOptions,
  type Hold,
  identityOf,
  type Key,
  type LeaseOptions,
  Leases,
  leaseOptions,
  quote,
  recipeStore,
  rowKey,
  type WaitOptions,
  withHold,
} from '@diskcache/core'
import { type LockIdentity, ReentrantHold } from './reentrant-hold.ts'

/** A `run` that the asynchronous call chain is in. */
interface Frame {
  readonly hold: ReentrantHold
  readonly outer: Frame | undefined
  /** Its body has not ended. What outlives the body is in the chain for ever, but does not own the lock. */
  isActive: boolean
}

const chain = new AsyncLocalStorage<Frame>()

export interface ReentrantWaitOptions extends WaitOptions {
  /** A hold of this lock, under which to enter again. */
  within?: Hold | undefined
}

/**
 * A lock that who holds it can take again: along one asynchronous call chain through `run`, or under a given hold. It
 * excludes every other chain of the same process, and every other process. It is free again with the last release.
 *
 * In the store it is a `Lock`: a `Lock` and an `RLock` of one key exclude each other.
 */
export class RLock {
  readonly #identity: LockIdentity
  readonly #leases: Leases

  /** @throws TypeError, RangeError for an unknown or illegal option, or something that cannot be a key */
  constructor(store: AnyStore, key: Key, options: LeaseOptions = {}) {
    const row = rowKey('lock', key)
    this.#identity = { store: recipeStore(store), id: identityOf(row), key }
    const terms = { key, rowKey: row, capacity: 1, ...leaseOptions(options) }
    this.#leases = new Leases({ store: this.#identity.store, ...terms })
  }

  /**
   * Waits until the lock is free, unless it is held by `within`, or by a `run` that this call is part of.
   *
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT when others have it for longer than `timeout`
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_LOST when the hold under which to enter is lost or released
   */
  acquire(options: ReentrantWaitOptions = {}): Promise<Hold> {
    return this.#acquire(options)
  }

  /**
   * Runs `body` while it holds the lock, and gives what it gives. What the body calls, and what it starts while it runs,
   * enters freely; a task that outlives it does not.
   *
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_LOST when the body succeeded, but the lock was lost meanwhile
   */
  async run<T>(body: (hold: Hold) => T | Promise<T>, options: ReentrantWaitOptions = {}): Promise<T> {
    checkFunction('body', body)
    const hold = await this.#acquire(options)
    const frame: Frame = { hold, outer: chain.getStore(), isActive: true }
    return withHold<Hold, T>(hold, async () => {
      try {
        return await chain.run(frame, () => body(hold))
      } finally {
        frame.isActive = false
      }
    })
  }

  async #acquire(options: ReentrantWaitOptions): Promise<ReentrantHold> {
    checkWaitOptions(options, ['within'])
    const { within, ...wait } = options
    const outer = within === undefined ? this.#ownedByChain() : this.#checkOwn(within)
    return outer?.share() ?? new ReentrantHold(this.#identity, await this.#leases.acquire(wait))
  }

  #ownedByChain(): ReentrantHold | undefined {
    for (let frame = chain.getStore(); frame !== undefined; frame = frame.outer) {
      if (frame.isActive && frame.hold.isOf(this.#identity)) return frame.hold
    }
    return undefined
  }

  #checkOwn(within: Hold): ReentrantHold {
    if (within instanceof ReentrantHold && within.isOf(this.#identity)) return within
    const { key } = this.#identity
    throw new TypeError(`Cannot use within: expected a hold of the RLock ${quote(key)}, got ${quote(within)}`)
  }
}
