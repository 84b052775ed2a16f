import {
  type AnyStore,
  type Key,
  type LeaseOptions,
  Leases,
  leaseOptions,
  recipeStore,
  rowKey,
} from '@diskcache/core'
import { LeasedResource } from './leased-resource.ts'

/**
 * A lock that all processes with the store share. A holder has a lease, which is renewed for as long as its process
 * lives; a dead holder's lock is free when the lease is over. A process that is stopped for longer than that may go on
 * in the belief that it holds the lock: `hold.lost` and `hold.check()` tell it otherwise, and `hold.token` lets what is
 * protected refuse it.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cache } from '@diskcache/cache'
 * import { Lock } from '@diskcache/recipes'
 *
 * await using cache = new Cache('cache-directory').promises
 * const lock = new Lock(cache, 'report')
 * const result = await lock.run(async (hold) => {
 *   hold.lost.addEventListener('abort', () => console.error('stop: the lock is lost'))
 *   return 'done'
 * })
 * assert.equal(result, 'done')
 * ```
 */
export class Lock extends LeasedResource {
  /**
   * Makes a lock on a store, without reading or writing it. Locks of one store and key are one.
   *
   * @throws TypeError, RangeError for something that is no store or no key, or an unknown or illegal option
   */
  constructor(store: AnyStore, key: Key, options: LeaseOptions = {}) {
    const terms = { key, rowKey: rowKey('lock', key), capacity: 1, ...leaseOptions(options) }
    super(new Leases({ store: recipeStore(store), ...terms }))
  }
}
