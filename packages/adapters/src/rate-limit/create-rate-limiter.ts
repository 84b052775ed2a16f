import type { CacheOptions } from '@diskcache/cache'
import { type AsyncStore, checkFunction, type PatienceOptions, type StoreHealth } from '@diskcache/core'
import { openStore, type StoreSource } from '../store/open-store.ts'
import { type HitCount, HitCounters } from './hit-counters.ts'

/** What is used of the package rate-limiter-flexible: its result, and a class that has the one for all stores above it. */
export interface FlexibleLibrary {
  /** Any limiter that inherits from the library's base of those with a store. */
  readonly RateLimiterMemcache: new (
    options: never,
  ) => object
  /** What `consume` resolves to, or rejects with. */
  readonly RateLimiterRes: new (
    remainingPoints?: number,
    msBeforeNext?: number,
    consumedPoints?: number,
    isFirstInDuration?: boolean,
  ) => object
}

/** What a limiter of {@link createRateLimiter} has beside the methods of the library. */
export interface LimiterOnStore {
  /** Returns how the store does, as far as this process has noticed. */
  health(): StoreHealth
  /** Closes the `Cache` that was opened for the limiter; a store that was given stays open. */
  close(): Promise<void>
}

/** The options of rate-limiter-flexible, but for those of other stores. */
export type CreateRateLimiterOptions<L extends FlexibleLibrary> = Omit<
  ConstructorParameters<L['RateLimiterMemcache']>[0],
  'storeClient' | 'storeType' | 'dbName' | 'tableName' | 'tableCreated'
> &
  PatienceOptions & {
    /** The options of the `Cache` that is opened, where a directory is given; none beside a store. */
    cache?: CacheOptions | undefined
  }

/** A limiter of rate-limiter-flexible, on a store of ours. */
export type RateLimiter<L extends FlexibleLibrary> = InstanceType<L['RateLimiterMemcache']> & LimiterOnStore

/** What the base class of the library calls, and its methods have of it. */
interface StoreLimiter {
  readonly points: number
}

const PREFIX = 'rate-limiter:'

/**
 * Makes a limiter of rate-limiter-flexible, whose points all processes share which use the store: a directory, in which it
 * opens a `Cache`, a `Cache`, a `FanoutCache`, or anything else that implements `AsyncStore`. `library` is what the package
 * exports. Everything but the counting is done by the library itself: `blockDuration`, `execEvenly`, blocks in memory, and
 * `insuranceLimiter` while the store is away.
 *
 * @throws TypeError, RangeError for something that is no store, and what the library throws for its options
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { createRateLimiter } from '@diskcache/adapters/rate-limit'
 * import * as flexible from 'rate-limiter-flexible'
 *
 * const limiter = createRateLimiter(flexible, 'limits', { points: 5, duration: 60 })
 * assert.equal((await limiter.consume('ada', 2)).remainingPoints, 3)
 * await limiter.close()
 * ```
 */
export function createRateLimiter<L extends FlexibleLibrary>(
  library: L,
  source: StoreSource,
  options: CreateRateLimiterOptions<L>,
): RateLimiter<L> {
  checkFunction('the library: RateLimiterMemcache', library?.RateLimiterMemcache)
  checkFunction('the library: RateLimiterRes', library.RateLimiterRes)
  const { cache, storeTimeout, ...own } = options as CreateRateLimiterOptions<FlexibleLibrary>
  const { store, isOwn } = openStore(source, cache)
  // A reward may be more than what was consumed.
  const counters = new HitCounters(store, PREFIX, { storeTimeout }, -Infinity)
  const Limiter = limiterClass(library, counters, isOwn ? store : undefined)
  return new Limiter({ ...own, storeClient: store }) as unknown as RateLimiter<L>
}

/** The base class is no export of the library. */
function limiterClass(library: FlexibleLibrary, counters: HitCounters, own: AsyncStore | undefined) {
  const Base = Object.getPrototypeOf(library.RateLimiterMemcache) as new (options: object) => StoreLimiter
  return class DiskcacheRateLimiter extends Base implements LimiterOnStore {
    /** Adds points, or with `isForced` sets them and the time from now on; 0 milliseconds are for ever. */
    _upsert(key: string, points: number, milliseconds: number, isForced = false): Promise<HitCount> {
      const ttl = milliseconds > 0 ? milliseconds : Infinity
      return isForced ? counters.restart(key, points, ttl) : counters.add(key, points, ttl)
    }

    _get(key: string): Promise<HitCount | undefined> {
      return counters.get(key)
    }

    _delete(key: string): Promise<boolean> {
      return counters.remove(key)
    }

    _getRateLimiterRes(_key: string, _changed: number, { count, expireTime, isFirst }: HitCount): object {
      const left = expireTime === null ? -1 : Math.max(expireTime - Date.now(), 0)
      return new library.RateLimiterRes(Math.max(this.points - count, 0), left, count, isFirst)
    }

    health(): StoreHealth {
      return counters.health()
    }

    async close(): Promise<void> {
      await own?.close()
    }
  }
}
