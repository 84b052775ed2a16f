import type { WriteOptions } from '@diskcache/core'
import { KeyvAdapter } from './keyv-adapter.ts'
import { quoteNamespaces } from './namespaced-key.ts'
import { STORAGE_CAPABILITY } from './storage-capability.ts'

/** An entry as Keyv 6 passes it to `setMany`. */
export interface KeyvStoreEntry6<Value = unknown> {
  /** The key, without a namespace. */
  key: string
  /** The value, which Keyv has serialized unless its `serialization` is off. */
  value: Value
  /** When the entry expires, in epoch milliseconds. Left out: by the default of the store, or never. */
  expires?: number | undefined
}

/**
 * A store for Keyv 6, in a directory or on a store that is open. Give each Keyv an object of its own; several can share
 * the store underneath.
 *
 * @example
 * const keyv = new Keyv({ store: new KeyvStore6('/var/cache/app', { sizeLimit: 500 * 1024 ** 2 }) })
 */
export class KeyvStore6 extends KeyvAdapter {
  /** What Keyv 6 asks a store for, so that it is used directly: all methods, and moments instead of times to live. */
  readonly capabilities = STORAGE_CAPABILITY

  /**
   * The namespace of the entries, which every Keyv that is given this store sets to its own; `undefined`, like `''`,
   * for entries without one. A process warning says so when Keyvs with different namespaces share this object.
   */
  override get namespace(): string | undefined {
    return super.namespace
  }

  /** Keyv 6 leaves keys as they are, so that Keyvs which share this object all get the namespace of the last. */
  override set namespace(namespace: string | undefined) {
    super.namespace = namespace
    if (this.isShared) warnOfSharing(this.namespaces)
  }

  /**
   * Stores a value until `expires`, in epoch milliseconds; without it, for the default of the store, or for ever. One that is expired already removes
   * the entry and counts as stored. Returns whether the value was stored: `false` when it is larger than the size
   * limit, which listeners for `error` are told, and what it was to replace is gone.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  async set(key: string, value: unknown, expires?: number): Promise<boolean> {
    const isStored = await this.patient.write((store, { signal }) =>
      store.set(this.storeKey(key), value, { ...lifetime(expires), signal }),
    )
    return this.tellRefused([isStored])[0] as boolean
  }

  /**
   * Stores entries, in one transaction where the store has any. Returns for each entry whether it was stored.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  async setMany<Value>(entries: KeyvStoreEntry6<Value>[]): Promise<boolean[]> {
    const stored = await this.patient.write((store, options) =>
      store.setMany(
        entries.map(({ key, value, expires }) => [this.storeKey(key), value, lifetime(expires)] as const),
        options,
      ),
    )
    return this.tellRefused(stored)
  }

  /**
   * Removes entries, in one transaction where the store has any. Returns for each key whether there was a live entry.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  async deleteMany(keys: string[]): Promise<boolean[]> {
    return this.removeMany(keys)
  }
}

/** Returns the store's time to live for a moment in epoch milliseconds. */
function lifetime(expires: number | undefined): WriteOptions {
  return expires === undefined ? {} : { ttl: Math.max(expires - Date.now(), 0) }
}

function warnOfSharing(namespaces: Iterable<string>): void {
  const message =
    `Keyvs with the namespaces ${quoteNamespaces(namespaces)} share one KeyvStore6, ` +
    'and Keyv 6 uses the last namespace for all of them: give each a KeyvStore6 of its own'
  process.emitWarning(message, { code: 'DISKCACHE_KEYV_SHARED' })
}
