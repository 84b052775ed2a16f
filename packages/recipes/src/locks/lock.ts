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
 * A lock that all processes with the store share. Who holds it has a lease, which is renewed for as long as its process
 * lives; a dead holder's lock is free when the lease is over. A process that is stopped for longer than that may go on
 * in the belief that it holds the lock: `hold.lost` and `hold.check()` tell it otherwise, and `hold.token` lets what is
 * protected refuse it.
 *
 * @example
 * const lock = new Lock(cache, 'report')
 * await lock.run(async (hold) => {
 *   await fetch(url, { signal: hold.lost })
 * })
 */
export class Lock extends LeasedResource {
  /** @throws TypeError, RangeError for an unknown or illegal option, or something that cannot be a key */
  constructor(store: AnyStore, key: Key, options: LeaseOptions = {}) {
    const terms = { key, rowKey: rowKey('lock', key), capacity: 1, ...leaseOptions(options) }
    super(new Leases({ store: recipeStore(store), ...terms }))
  }
}
