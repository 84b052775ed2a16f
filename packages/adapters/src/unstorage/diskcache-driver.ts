import type { AsyncStore } from '@diskcache/core'
import type { Driver } from 'unstorage'
import { openStore, type StoreSource } from '../store/open-store.ts'
import { PatientStore } from '../store/patient-store.ts'
import { checkDriverOptions, type DiskcacheDriverOptions } from './driver-options.ts'
import { StoredItems } from './stored-items.ts'

/**
 * Makes a driver for unstorage on a store: a `Cache`, a `FanoutCache`, anything that implements `AsyncStore`, or a
 * directory, in which it opens a `Cache`. `dispose` closes what was opened here, and nothing else. Drivers with one
 * `base` on one directory share their items, in all processes.
 *
 * @throws TypeError, RangeError for something that is no store, or an unknown or illegal option
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { diskcacheDriver } from '@diskcache/adapters/unstorage'
 * import { createStorage } from 'unstorage'
 *
 * const storage = createStorage({ driver: diskcacheDriver('cache-directory', { ttl: 3_600 }) })
 * await storage.setItem('users:1', { name: 'Ada' }, { ttl: 60 })
 * assert.deepEqual(await storage.getItem('users:1'), { name: 'Ada' })
 * await storage.dispose()
 * ```
 */
export function diskcacheDriver(
  source: StoreSource,
  options: DiskcacheDriverOptions = {},
): Driver<DiskcacheDriverOptions, AsyncStore> {
  checkDriverOptions(options)
  const { base = '', ttl, cache, storeTimeout } = options
  const { store, isOwn } = openStore(source, cache)
  const items = new StoredItems(new PatientStore(store, { storeTimeout }), base, ttl)
  // unstorage calls these without their object.
  return {
    name: 'diskcache',
    flags: { maxDepth: true, ttl: true },
    options,
    getInstance: () => store,
    hasItem: (key) => items.has(key),
    getItem: (key) => items.get(key),
    getItems: (requests) => items.getMany(requests),
    getItemRaw: (key) => items.getRaw(key),
    setItem: (key, value, request) => items.set(key, value, request),
    setItems: (requests, common) => items.setMany(requests, common),
    setItemRaw: (key, value, request) => items.set(key, value, request),
    removeItem: (key) => items.remove(key),
    getMeta: (key) => items.meta(key),
    getKeys: (below, { maxDepth } = {}) => items.keys(below, maxDepth),
    clear: (below) => items.clear(below),
    dispose: async () => {
      if (isOwn) await store.close()
    },
  }
}
