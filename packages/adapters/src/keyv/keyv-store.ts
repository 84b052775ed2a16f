import type { WriteOptions } from '@diskcache/core'
import { KeyvAdapter } from './keyv-adapter.ts'
import { namespacePrefix } from './namespaced-key.ts'

/** An entry as Keyv 5 gives it; `ttl` in milliseconds. */
export interface KeyvStoreEntry {
  key: string
  value: unknown
  ttl?: number | undefined
}

/** Keyv 5 asks for nothing, and hands on what it gets as the results that it promises its callers. */
// biome-ignore lint/suspicious/noConfusingVoidType: it is what Keyv's type of a store says
export type SetManyResults = boolean[] & void

/**
 * A store for Keyv 5.
 *
 * @example
 * const keyv = new Keyv({ store: new KeyvStore('/var/cache/app', { sizeLimit: 500 * 1024 ** 2 }) })
 */
export class KeyvStore extends KeyvAdapter {
  /** Keyv 5 has an iterator only for the dialects that it knows. It is written to by some who use Keyv. */
  opts: Record<string, unknown> = { dialect: 'sqlite' }

  /** Keyv 5 passes over what this fails with, so listeners are told. */
  override async get<Value>(key: string): Promise<Value | undefined> {
    try {
      return await super.get(key)
    } catch (error) {
      if (this.listenerCount('error') > 0) this.emit('error', error)
      throw error
    }
  }

  /**
   * Stores a value, for `ttl` milliseconds; without one, or with 0, for ever; with a negative one it is expired from the
   * start. `false` when the value is larger than the size limit.
   */
  async set(key: string, value: unknown, ttl?: number): Promise<boolean> {
    return this.store.set(this.storeKey(key), value, lifetime(ttl))
  }

  /** In one transaction. */
  async setMany(entries: KeyvStoreEntry[]): Promise<SetManyResults> {
    const stored = await this.store.setMany(
      entries.map(({ key, value, ttl }) => [this.storeKey(key), value, lifetime(ttl)] as const),
    )
    return stored as SetManyResults
  }

  /** In one transaction; whether any was there. */
  async deleteMany(keys: string[]): Promise<boolean> {
    return (await this.removeMany(keys)).includes(true)
  }

  /** Keyv 5 begins keys with the namespace, which tells Keyvs that share this object apart. */
  protected override prefixOf(key: string): string {
    if (!this.isShared) return super.prefixOf(key)
    const owners = [...this.namespaces].filter((namespace) => key.startsWith(`${namespace}:`))
    const [longest] = owners.sort((a, b) => b.length - a.length)
    return longest === undefined ? super.prefixOf(key) : namespacePrefix(longest)
  }
}

function lifetime(ttl: number | undefined): WriteOptions {
  const time = ttl ?? 0
  return time === 0 ? {} : { ttl: Math.max(time, 0) }
}
