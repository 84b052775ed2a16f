import {
  type AnyStore,
  checkNumber,
  type Key,
  type LeaseOptions,
  Leases,
  leaseOptions,
  recipeStore,
  rowKey,
} from '@diskcache/core'
import { LeasedResource } from './leased-resource.ts'

/**
 * Lets at most `value` holders in at a time, over all processes. Each hold has a lease of its own, so the place of one
 * that died is free when its lease is over, and nobody else's.
 *
 * Where processes differ in `value`, each lets nobody in when there are as many holders as its own says.
 */
export class BoundedSemaphore extends LeasedResource {
  /** @throws TypeError, RangeError for an unknown or illegal option, or something that cannot be a key */
  constructor(store: AnyStore, key: Key, value: number, options: LeaseOptions = {}) {
    const capacity = checkNumber('value', value, { min: 1, integer: true })
    const terms = { key, rowKey: rowKey('semaphore', key), capacity, ...leaseOptions(options) }
    super(new Leases({ store: recipeStore(store), ...terms }))
  }
}
