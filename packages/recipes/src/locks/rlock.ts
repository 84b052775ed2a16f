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
  /**
   * Whether the body of the `run` goes on. What outlives the body is in the chain for ever, but does not own the lock.
   */
  isActive: boolean
}

const chain = new AsyncLocalStorage<Frame>()

/** The limits of a wait for an `RLock`, and the hold under which to enter. */
export interface ReentrantWaitOptions extends WaitOptions {
  /** A hold of this lock, under which to enter again. Left out: that of the `run` around the call, if there is one. */
  within?: Hold | undefined
}

/**
 * A lock that its holder can take again: along one asynchronous call chain through `run`, or under a given hold. The
 * lock excludes every other chain of the same process, and every other process. It is free again with the last release.
 *
 * In the store it is a `Lock`: a `Lock` and an `RLock` of one key exclude each other.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cache } from '@diskcache/cache'
 * import { RLock } from '@diskcache/recipes'
 *
 * await using cache = new Cache<string, number>('cache-directory').promises
 * const lock = new RLock(cache, 'accounts')
 * const add = (account: string, amount: number) => lock.run(() => cache.incr(account, amount))
 * await lock.run(async () => {
 *   await add('alice', -10)
 *   await add('bob', 10)
 * })
 * assert.deepEqual(await cache.getMany(['alice', 'bob']), [-10, 10])
 * ```
 */
export class RLock {
  readonly #identity: LockIdentity
  readonly #leases: Leases

  /**
   * Makes a lock on a store, without reading or writing it. Locks of one store and key are one.
   *
   * @throws TypeError, RangeError for something that is no store or no key, or an unknown or illegal option
   */
  constructor(store: AnyStore, key: Key, options: LeaseOptions = {}) {
    const row = rowKey('lock', key)
    this.#identity = { store: recipeStore(store), id: identityOf(row), key }
    const terms = { key, rowKey: row, capacity: 1, ...leaseOptions(options) }
    this.#leases = new Leases({ store: this.#identity.store, ...terms })
  }

  /**
   * Waits until the lock is free, unless it is held by `within`, or by a `run` that this call is part of, and returns a
   * hold. The caller does not become part of a chain: pass the hold on as `within`.
   *
   * @throws TypeError when `within` is no hold of this lock
   * @throws DiskCacheError ERR_DISKCACHE_UNAVAILABLE when the store is away, and `timeout` says nothing of waiting
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT when others have the lock for longer than `timeout`
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_LOST when the hold under which to enter is lost or released
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
   */
  acquire(options: ReentrantWaitOptions = {}): Promise<Hold> {
    return this.#acquire(options)
  }

  /**
   * Runs `body` while the lock is held, and returns what the body returns. What the body calls, and what it starts
   * while it runs, enters freely; a task that outlives the body does not.
   *
   * @throws TypeError when `within` is no hold of this lock
   * @throws DiskCacheError ERR_DISKCACHE_UNAVAILABLE when the store is away, and `timeout` says nothing of waiting
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT when others have the lock for longer than `timeout`
   * @throws DiskCacheError ERR_DISKCACHE_LOCK_LOST when the hold under which to enter is lost or released, or when the
   * body succeeded, but the lock was lost meanwhile
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
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
