import type { CacheOptions } from '@diskcache/cache'
import { checkFunction, type PatienceOptions } from '@diskcache/core'
import type { Keyv, KeyvOptions } from 'keyv'
import type { StoreSource } from '../store/open-store.ts'
import { installedKeyv, type KeyvClass } from './installed-keyv.ts'
import { KeyvStore } from './keyv-store.ts'
import { KeyvStore6 } from './keyv-store-6.ts'

/** The options of Keyv except `store`, and for a directory those of the `Cache` in it. */
export type CreateKeyvOptions = Omit<KeyvOptions, 'store'> &
  PatienceOptions & {
    /** The options of the `Cache` that is opened, where a directory is given; none beside a store. */
    cache?: CacheOptions | undefined
    /**
     * The class to make an object of; by default that of the installed package. A program that is bundled into one file
     * hands in its own Keyv.
     */
    Keyv?: KeyvClass | undefined
  }

/**
 * Makes a Keyv of the installed version, 5 or 6, on a store: a `Cache`, a `FanoutCache`, anything that implements
 * `AsyncStore`, or a directory, in which it opens a `Cache`. `disconnect` closes what was opened here, and nothing
 * else. Keyvs of one namespace on one directory share their entries, in all processes.
 *
 * @throws Error when Keyv is not installed
 * @throws TypeError, RangeError for something that is no store, or an unknown or illegal option of the cache
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { createKeyv } from '@diskcache/adapters/keyv'
 *
 * const users = createKeyv('cache-directory', { namespace: 'users', cache: { sizeLimit: 500 * 1024 ** 2 } })
 * await users.set('1', { name: 'Ada' }, 60_000)
 * assert.deepEqual(await users.get('1'), { name: 'Ada' })
 * await users.disconnect()
 * ```
 */
export function createKeyv<Value = unknown>(
  source: StoreSource,
  { Keyv: Class = installedKeyv(), ...options }: CreateKeyvOptions = {},
): Keyv<Value> {
  checkFunction('Keyv', Class)
  return createKeyvOf(Class as KeyvClass<Keyv<Value>>, source, options)
}

/** Makes a Keyv of a class that the caller has. */
export function createKeyvOf<K>(
  Class: KeyvClass<K>,
  source: StoreSource,
  { cache, storeTimeout, ...options }: Omit<CreateKeyvOptions, 'Keyv'> = {},
): K {
  const storeOptions = { ...cache, storeTimeout }
  if (isVersion6(Class)) return new Class({ ...options, store: new KeyvStore6(source, storeOptions) })
  // The store keeps namespaces apart by itself. A key with a prefix comes back damaged from an iterator of Keyv 5 when
  // the namespace has a colon, and is another one for `getMany` than for `get` when it begins like the namespace.
  return new Class({ useKeyPrefix: false, ...options, store: new KeyvStore(source, storeOptions) })
}

/** Returns whether the class is that of Keyv 6. Keyv 5 has `serialize` instead. */
function isVersion6({ prototype }: { readonly prototype: object }): boolean {
  return 'serialization' in prototype
}
