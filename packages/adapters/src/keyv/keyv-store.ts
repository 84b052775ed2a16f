import type { NamespaceKeys, WriteOptions } from '@diskcache/core'
import { KeyvAdapter } from './keyv-adapter.ts'
import { keyvKeys } from './namespaced-key.ts'

/** An entry as Keyv 5 passes it to `setMany`. */
export interface KeyvStoreEntry {
  /** The key, which Keyv 5 may have begun with the namespace. */
  key: string
  /** The value, which Keyv has serialized unless its `serialize` is off. */
  value: unknown
  /** The time to live in milliseconds. Left out: the default of the store, or for ever; 0: for ever; negative: expired. */
  ttl?: number | undefined
}

/**
 * One result for each entry. Keyv 5 asks for nothing, and hands on what it gets as the results that it promises its
 * callers.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: it is what Keyv's type of a store says
export type SetManyResults = boolean[] & void

/**
 * A store for Keyv 5, in a directory or on a store that is open. It works in Keyv 6, too, which converts times to live.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { KeyvStore } from '@diskcache/adapters/keyv'
 * import { Keyv } from 'keyv'
 *
 * const store = new KeyvStore('cache-directory', { sizeLimit: 500 * 1024 ** 2 })
 * const keyv = new Keyv({ store, namespace: 'users' })
 * await keyv.set('1', 'Ada', 60_000)
 * assert.equal(await keyv.get('1'), 'Ada')
 * await keyv.disconnect()
 * ```
 */
export class KeyvStore extends KeyvAdapter {
  /**
   * The options by which Keyv 5 knows a store: it has an iterator only for the dialects that it knows. Some who use
   * Keyv write to this object.
   */
  opts: Record<string, unknown> = { dialect: 'sqlite' }

  /**
   * Returns the value of `key`, or `undefined` when there is no live entry. Keyv 5 passes over what this fails with, so
   * listeners for `error` are told.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  override async get<Value>(key: string): Promise<Value | undefined> {
    try {
      return await super.get(key)
    } catch (error) {
      if (this.listenerCount('error') > 0) this.emit('error', error)
      throw error
    }
  }

  /**
   * Stores a value for `ttl` milliseconds; without one for the default of the store, or for ever; with 0, which Keyv hands
   * on as none, for ever; with a negative one it is expired from the start. Returns whether the value was stored: `false` when it is larger than the size limit, which
   * listeners for `error` are told, and what it was to replace is gone.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  async set(key: string, value: unknown, ttl?: number): Promise<boolean> {
    const isStored = await this.patient.write((store, { signal }) =>
      store.set(this.storeKey(key), value, { ...lifetime(ttl), signal }),
    )
    return this.tellRefused([isStored])[0] as boolean
  }

  /**
   * Stores entries, in one transaction where the store has any. Returns for each entry whether it was stored.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  async setMany(entries: KeyvStoreEntry[]): Promise<SetManyResults> {
    const stored = await this.patient.write((store, options) =>
      store.setMany(
        entries.map(({ key, value, ttl }) => [this.storeKey(key), value, lifetime(ttl)] as const),
        options,
      ),
    )
    return this.tellRefused(stored) as SetManyResults
  }

  /**
   * Removes entries, in one transaction where the store has any. Returns whether any of them was live.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  async deleteMany(keys: string[]): Promise<boolean> {
    return (await this.removeMany(keys)).includes(true)
  }

  /**
   * Returns the keys of the namespace that a key is in. Keyv 5 begins keys with the namespace, which tells Keyvs that
   * share this object apart.
   */
  protected override keysFor(key: string): NamespaceKeys {
    if (!this.isShared) return super.keysFor(key)
    const owners = [...this.namespaces].filter((namespace) => key.startsWith(`${namespace}:`))
    const [longest] = owners.sort((a, b) => b.length - a.length)
    return longest === undefined ? super.keysFor(key) : keyvKeys(longest)
  }
}

/** Returns the store's time to live for one of Keyv 5. */
function lifetime(ttl: number | undefined): WriteOptions {
  if (ttl === undefined) return {}
  return { ttl: ttl === 0 ? Infinity : Math.max(ttl, 0) }
}
