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
 * `value` is not stored. Where processes differ in it, each lets nobody in while there are as many holders as its own
 * says.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cache } from '@diskcache/cache'
 * import { BoundedSemaphore } from '@diskcache/recipes'
 *
 * await using cache = new Cache('cache-directory').promises
 * const printers = new BoundedSemaphore(cache, 'printers', 2)
 * const pages = await Promise.all([1, 2, 3].map((page) => printers.run(() => `printed ${page}`)))
 * assert.equal(pages[2], 'printed 3')
 * ```
 */
export class BoundedSemaphore extends LeasedResource {
  /**
   * Makes a semaphore on a store, without reading or writing it. `value` is a whole number of at least 1.
   *
   * @throws TypeError, RangeError for something that is no store or no key, or an unknown or illegal option
   */
  constructor(store: AnyStore, key: Key, value: number, options: LeaseOptions = {}) {
    const capacity = checkNumber('value', value, { min: 1, integer: true })
    const terms = { key, rowKey: rowKey('semaphore', key), capacity, ...leaseOptions(options) }
    super(new Leases({ store: recipeStore(store), ...terms }))
  }
}
