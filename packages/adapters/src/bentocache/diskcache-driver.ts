import type { CacheOptions } from '@diskcache/cache'
import { checkOptions, checkPatience, checkString, type PatienceOptions } from '@diskcache/core'
import type { CreateDriverResult } from 'bentocache/types'
import { openStore, type StoreSource } from '../store/open-store.ts'
import { PatientStore } from '../store/patient-store.ts'
import { StoredLayer } from './stored-layer.ts'

/** The options of {@link diskcacheDriver}. */
export interface BentocacheDriverOptions extends PatienceOptions {
  /**
   * What tells the entries of this driver from those of others in the same store; the `prefix` of bentocache unless given,
   * which is `'bentocache'` unless its options say otherwise. All drivers with one prefix, in all processes, share their
   * entries, and those of a prefix have the ones in it: `'app'` those of `'app:users'`.
   */
  prefix?: string | undefined
  /** The options of the `Cache` that is opened, where a directory is given; none beside a store. */
  cache?: CacheOptions | undefined
}

/**
 * Makes an L2 driver for bentocache on a store: a `Cache`, a `FanoutCache`, anything that implements `AsyncStore`, or a
 * directory, in which it opens a `Cache`. `disconnect` closes what was opened here, and nothing else.
 *
 * @throws TypeError, RangeError for something that is no store, or an unknown or illegal option
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { diskcacheDriver } from '@diskcache/adapters/bentocache'
 * import { BentoCache, bentostore } from 'bentocache'
 *
 * const disk = bentostore().useL2Layer(diskcacheDriver('cache-directory'))
 * const bento = new BentoCache({ default: 'disk', stores: { disk } })
 * const find = async () => ({ name: 'Ada' })
 * assert.deepEqual(await bento.getOrSet({ key: 'users:1', ttl: '5m', factory: find }), { name: 'Ada' })
 * await bento.disconnect()
 * ```
 */
export function diskcacheDriver(
  source: StoreSource,
  options: BentocacheDriverOptions = {},
): CreateDriverResult<StoredLayer> {
  checkOptions('the options of the driver', options, ['prefix', 'cache', 'storeTimeout'])
  const { prefix, cache, storeTimeout } = options
  if (prefix !== undefined) checkString('prefix', prefix)
  checkPatience({ storeTimeout })
  const { store, isOwn } = openStore(source, cache)
  const patient = new PatientStore(store, { storeTimeout })
  const close = async (): Promise<void> => {
    if (isOwn) await store.close()
  }
  return {
    // bentocache hands these to the factory, over its own prefix.
    options: prefix === undefined ? {} : { prefix },
    factory: (config: { prefix?: string }) => new StoredLayer(patient, config.prefix, close),
  }
}
