import type { CacheOptions } from '@diskcache/cache'
import {
  type AsyncStore,
  checkNumber,
  checkOptions,
  type PatienceOptions,
  type StoreHealth,
} from '@diskcache/core'
import { openStore, type StoreSource } from '../store/open-store.ts'
import { type HitCount, HitCounters } from './hit-counters.ts'
import { checkPrefix } from './limit-prefix.ts'

/** The options of {@link RateLimitStore}. */
export interface RateLimitStoreOptions extends PatienceOptions {
  /**
   * What the keys of the counters begin with in the cache; `'rate-limit:'` unless given. It ends with its only colon.
   * Limits that share a cache have one each.
   */
  prefix?: string | undefined
  /** The options of the `Cache` that is opened, where a directory is given; none beside a store. */
  cache?: CacheOptions | undefined
}

/** How often a client has called, as express-rate-limit asks for it. */
export interface ClientHits {
  /** The hits of the client in its window. */
  totalHits: number
  /** When the window ends. */
  resetTime: Date | undefined
}

/** How long a window is before `init` has said it: the default of express-rate-limit. */
const DEFAULT_WINDOW = 60_000

/**
 * A store for express-rate-limit 8: fixed windows that all processes share which use the cache. The window of a client
 * begins with its first request, and its entry expires with it. No hit is lost or counted twice, however many processes
 * count.
 *
 * What fails rejects: express-rate-limit passes it to the error handler, or with `passOnStoreError: true` lets the request
 * through.
 *
 * @example
 * ```ts
 * import { RateLimitStore } from '@diskcache/adapters/rate-limit'
 * import { rateLimit } from 'express-rate-limit'
 *
 * const store = new RateLimitStore('limits')
 * const limit = rateLimit({ store, windowMs: 60_000, limit: 100, standardHeaders: 'draft-8' })
 * // → app.use(limit)
 * await store.shutdown()
 * ```
 */
export class RateLimitStore {
  /** That the counters are shared, for the checks of express-rate-limit. */
  readonly localKeys = false
  /** What the keys of the counters begin with. */
  readonly prefix: string
  readonly #store: AsyncStore
  readonly #isOwn: boolean
  readonly #counters: HitCounters
  #window = DEFAULT_WINDOW

  /**
   * Opens a `Cache` in a directory, which {@link shutdown} closes; or takes the store that is given.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, or something that is no store
   */
  constructor(source: StoreSource, options: RateLimitStoreOptions = {}) {
    checkOptions('the options of RateLimitStore', options, ['prefix', 'cache', 'storeTimeout'])
    const { prefix = 'rate-limit:', cache, storeTimeout } = options
    this.prefix = checkPrefix(prefix)
    const { store, isOwn } = openStore(source, cache)
    this.#store = store
    this.#isOwn = isOwn
    this.#counters = new HitCounters(store, this.prefix, { storeTimeout })
  }

  /**
   * Takes the length of the windows from the options of the limit.
   *
   * @throws TypeError, RangeError for a `windowMs` that is not at least 1
   */
  init({ windowMs }: { readonly windowMs: number }): void {
    this.#window = checkNumber('windowMs', windowMs, { min: 1 })
  }

  /** Counts a hit, and resolves to all in the window. */
  async increment(key: string): Promise<ClientHits> {
    return hitsOf(await this.#counters.add(key, 1, this.#window))
  }

  /** Takes a hit back, for `skipFailedRequests` and `skipSuccessfulRequests`. */
  decrement(key: string): Promise<void> {
    return this.#counters.takeBack(key)
  }

  /** Resolves to the hits of a client in its window, or to `undefined` when it has none. */
  async get(key: string): Promise<ClientHits | undefined> {
    const hits = await this.#counters.get(key)
    return hits && hitsOf(hits)
  }

  /** Forgets the hits of a client, for all processes. */
  async resetKey(key: string): Promise<void> {
    await this.#counters.remove(key)
  }

  /** Forgets the hits of all clients, for all processes, and nothing else that is in the store. */
  resetAll(): Promise<void> {
    return this.#counters.removeAll()
  }

  /** Returns how the store does, as far as this process has noticed. */
  health(): StoreHealth {
    return this.#counters.health()
  }

  /** Closes the `Cache` that the constructor opened; a store that was given stays open. */
  async shutdown(): Promise<void> {
    if (this.#isOwn) await this.#store.close()
  }
}

function hitsOf({ count, expireTime }: HitCount): ClientHits {
  return { totalHits: count, resetTime: expireTime === null ? undefined : new Date(expireTime) }
}
