import type { L2CacheDriver } from 'bentocache/types'
import type { PatientStore } from '../store/patient-store.ts'

/**
 * The second layer of a bentocache, each of whose entries is one of the store under the string
 * `bentocache:<prefix>:<key>`. A namespace is a longer prefix, as in bentocache's own drivers: the entry `1` of the
 * namespace `users` is the entry `users:1` outside of it.
 */
export class StoredLayer implements L2CacheDriver {
  /** Tells bentocache which layer this may be. */
  readonly type = 'l2'
  readonly #patient: PatientStore
  readonly #prefix: string
  readonly #close: () => Promise<void>

  /** @internal */
  constructor(patient: PatientStore, prefix: string | undefined, close: () => Promise<void>) {
    this.#patient = patient
    // bentocache's own drivers take colons at the end for nothing.
    this.#prefix = prefix?.replace(/:+$/, '') ?? ''
    this.#close = close
  }

  /** Returns the layer of a namespace, whose entries are also in this one. */
  namespace(namespace: string): StoredLayer {
    return new StoredLayer(
      this.#patient,
      this.#prefix ? `${this.#prefix}:${namespace}` : namespace,
      this.#close,
    )
  }

  /** Resolves to the value, `undefined` when there is none or it has expired. */
  async get(key: string): Promise<string | undefined> {
    const value = await this.#patient.read((store, options) => store.get(this.#storeKey(key), options))
    return value as string | undefined
  }

  /** Removes an entry and resolves to its value, in one step: of several processes exactly one gets it. */
  async pull(key: string): Promise<string | undefined> {
    const value = await this.#patient.write((store, options) => store.pop(this.#storeKey(key), options))
    return value as string | undefined
  }

  /**
   * Stores a value for `ttl` milliseconds, for ever without one. Resolves to `false`, and no older value is there, when it
   * is larger than the size limit.
   */
  set(key: string, value: string, ttl = Infinity): Promise<boolean> {
    return this.#patient.write((store, { signal }) =>
      store.set(this.#storeKey(key), value, { ttl: Math.max(ttl, 0), signal }),
    )
  }

  /** Removes all entries of this prefix, and so those of its namespaces, and no others. */
  async clear(): Promise<void> {
    await this.#patient.writeMuch((store, options) => store.clear({ prefix: this.#storeKey(''), ...options }))
  }

  /** Removes an entry and resolves to whether it was there. */
  delete(key: string): Promise<boolean> {
    return this.#patient.write((store, options) => store.delete(this.#storeKey(key), options))
  }

  /** Removes many entries in one operation of the store, and resolves to `true`. */
  async deleteMany(keys: readonly string[]): Promise<boolean> {
    const storeKeys = keys.map((key) => this.#storeKey(key))
    await this.#patient.write((store, options) => store.deleteMany(storeKeys, options))
    return true
  }

  /** Closes the cache that was opened in a directory, also when this is a namespace. */
  disconnect(): Promise<void> {
    return this.#close()
  }

  #storeKey(key: string): string {
    return this.#prefix ? `bentocache:${this.#prefix}:${key}` : `bentocache:${key}`
  }
}
