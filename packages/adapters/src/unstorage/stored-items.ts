import { type AsyncStore, type Key, type Ttl, tooLargeError, type WriteOptions } from '@diskcache/core'
import type { StorageMeta, StorageValue, TransactionOptions } from 'unstorage'
import type { PatientStore } from '../store/patient-store.ts'
import { millisecondsOf } from './driver-options.ts'

/** An item as unstorage asks for it, or hands it over. */
export interface ItemRequest {
  readonly key: string
  readonly options?: TransactionOptions
}

/** The items of a driver, each an entry of the store under the string `unstorage:<base>:<key>`. */
export class StoredItems {
  readonly #patient: PatientStore
  readonly #prefix: string
  readonly #ttl: Ttl | undefined

  /** `ttl`, in seconds, is that of items that are set without one; without it, that of the store. */
  constructor(patient: PatientStore, base: string, ttl: Ttl | undefined) {
    this.#patient = patient
    this.#prefix = `unstorage:${base}:`
    this.#ttl = ttl
  }

  has(key: string): Promise<boolean> {
    return this.#patient.read((store, options) => store.has(this.#storeKey(key), options))
  }

  /** Returns the value as it was set, `null` when there is none. */
  async getRaw(key: string): Promise<unknown> {
    return (await this.#patient.read((store, options) => store.get(this.#storeKey(key), options))) ?? null
  }

  /** Returns the value as unstorage's own drivers do, which give bytes as text here. */
  async get(key: string): Promise<StorageValue> {
    return textOf(await this.getRaw(key))
  }

  /** Returns the values of all keys in one operation of the store, in their order. */
  async getMany(items: readonly ItemRequest[]): Promise<{ key: string; value: StorageValue }[]> {
    const keys = items.map(({ key }) => this.#storeKey(key))
    const values = await this.#patient.read((store, options) => store.getMany(keys, options))
    return items.map(({ key }, index) => ({ key, value: textOf(values[index]) }))
  }

  /** @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit */
  async set(key: string, value: unknown, options?: TransactionOptions): Promise<void> {
    const lifetime = this.#lifetime(options)
    const isStored = await this.#patient.write((store, { signal }) =>
      store.set(this.#storeKey(key), value, { ...lifetime, signal }),
    )
    if (!isStored) throw tooLargeError()
  }

  /** @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE when a value is larger than the size limit; the others are stored */
  async setMany(
    items: readonly (ItemRequest & { value: string })[],
    common?: TransactionOptions,
  ): Promise<void> {
    const entries = items.map(
      ({ key, value, options }) =>
        [this.#storeKey(key), value, this.#lifetime({ ...common, ...options })] as const,
    )
    const stored = await this.#patient.write((store, options) => store.setMany(entries, options))
    if (stored.includes(false)) throw tooLargeError()
  }

  async remove(key: string): Promise<void> {
    await this.#patient.write((store, options) => store.delete(this.#storeKey(key), options))
  }

  /** Returns the time that an item still has, in seconds; nothing for one that stays, `null` when there is none. */
  async meta(key: string): Promise<StorageMeta | null> {
    const entry = await this.#patient.read((store, options) => store.getEntry(this.#storeKey(key), options))
    if (entry === undefined) return null
    if (entry.expireTime === null) return {}
    return { ttl: Math.max(Math.ceil((entry.expireTime - Date.now()) / 1_000), 0) }
  }

  /** Returns the keys below `base` with at most `maxDepth` colons, all that there are unless given. */
  keys(base: string | undefined, maxDepth = Infinity): Promise<string[]> {
    const prefix = this.#prefixBelow(base)
    return this.#patient.readMuch(async (store, { signal }) => {
      const keys: string[] = []
      for await (const storeKey of store.keys({ prefix, order: sortedIn(store), signal })) {
        const key = (storeKey as string).slice(this.#prefix.length)
        if (depthOf(key) <= maxDepth) keys.push(key)
      }
      return keys
    })
  }

  /** Removes all items below `base`, and no others. */
  async clear(base: string | undefined): Promise<void> {
    const prefix = this.#prefixBelow(base)
    await this.#patient.writeMuch((store, options) => store.clear({ prefix, ...options }))
  }

  #storeKey(key: string): Key {
    return this.#prefix + key
  }

  /** A base of unstorage ends with a colon; one that a caller of the driver hands over may not. */
  #prefixBelow(base = ''): string {
    return this.#prefix + (base === '' || base.endsWith(':') ? base : `${base}:`)
  }

  #lifetime(options: TransactionOptions | undefined): WriteOptions {
    const ttl: unknown = options?.ttl ?? this.#ttl
    return ttl === undefined ? {} : { ttl: millisecondsOf(ttl) }
  }
}

/** In the order of keys the store goes straight to those with a prefix. */
function sortedIn({ capabilities }: AsyncStore): 'sorted' | undefined {
  return capabilities.orders.includes('sorted') ? 'sorted' : undefined
}

function depthOf(key: string): number {
  return key.split(':').length - 1
}

function textOf(value: unknown): StorageValue {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  return (value ?? null) as StorageValue
}
