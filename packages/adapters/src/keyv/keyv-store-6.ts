import type { WriteOptions } from '@diskcache/core'
import { KeyvAdapter } from './keyv-adapter.ts'
import { quoteNamespaces } from './namespaced-key.ts'
import { STORAGE_CAPABILITY } from './storage-capability.ts'

/** An entry as Keyv 6 gives it; `expires` in epoch milliseconds. */
export interface KeyvStoreEntry6<Value = unknown> {
  key: string
  value: Value
  expires?: number | undefined
}

/**
 * A store for Keyv 6.
 *
 * @example
 * const keyv = new Keyv({ store: new KeyvStore6('/var/cache/app', { sizeLimit: 500 * 1024 ** 2 }) })
 */
export class KeyvStore6 extends KeyvAdapter {
  /** Tells Keyv 6 that this follows its contract, and may be used directly. */
  readonly capabilities = STORAGE_CAPABILITY

  override get namespace(): string | undefined {
    return super.namespace
  }

  /** Keyv 6 leaves keys as they are, so that Keyvs which share this object all get the namespace of the last. */
  override set namespace(namespace: string | undefined) {
    super.namespace = namespace
    if (this.isShared) warnOfSharing(this.namespaces)
  }

  /**
   * Stores a value until `expires`, in epoch milliseconds; without it, for ever. One that is expired already removes the
   * entry and gives `true`. `false` when the value is larger than the size limit.
   */
  async set(key: string, value: unknown, expires?: number): Promise<boolean> {
    return this.store.set(this.storeKey(key), value, lifetime(expires))
  }

  /** In one transaction. */
  async setMany<Value>(entries: KeyvStoreEntry6<Value>[]): Promise<boolean[]> {
    return this.store.setMany(
      entries.map(({ key, value, expires }) => [this.storeKey(key), value, lifetime(expires)] as const),
    )
  }

  /** In one transaction; for each key whether it was there. */
  async deleteMany(keys: string[]): Promise<boolean[]> {
    return this.removeMany(keys)
  }
}

function lifetime(expires: number | undefined): WriteOptions {
  return expires === undefined ? {} : { ttl: Math.max(expires - Date.now(), 0) }
}

function warnOfSharing(namespaces: Iterable<string>): void {
  const message =
    `Keyvs with the namespaces ${quoteNamespaces(namespaces)} share one KeyvStore6, ` +
    'and Keyv 6 uses the last namespace for all of them: give each a KeyvStore6 of its own'
  process.emitWarning(message, { code: 'DISKCACHE_KEYV_SHARED' })
}
