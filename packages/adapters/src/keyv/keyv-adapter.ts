import type { CacheOptions } from '@diskcache/cache'
import {
  AsyncNamespace,
  type AsyncStore,
  checkString,
  isPath,
  type NamespaceKeys,
  NamespaceScope,
  type PatienceOptions,
  type StoreHealth,
  tooLargeError,
} from '@diskcache/core'
import { openStore, type StoreSource } from '../store/open-store.ts'
import { PatientStore } from '../store/patient-store.ts'
import { ErrorEmitter } from './error-emitter.ts'
import { keyvKeys, quoteNamespaces } from './namespaced-key.ts'

/** The options of a `Cache` in a directory, none beside a store that is open, and how long a store is waited for. */
export type KeyvStoreOptions = CacheOptions & PatienceOptions

/**
 * What the stores for Keyv 5 and Keyv 6 have in common. The methods of both are native `async` functions, by which Keyv
 * 6 recognises what it can use.
 */
export abstract class KeyvAdapter extends ErrorEmitter {
  protected readonly store: AsyncStore
  readonly #isOwn: boolean
  protected readonly patient: PatientStore
  readonly #namespaces = new Set<string>()
  #namespace: string | undefined
  #keys = keyvKeys()

  /**
   * Opens a `Cache` in a directory, with `options`, which {@link disconnect} closes; or takes the store that is given.
   * In a directory, instances of classes are kept as plain objects unless `classes` says otherwise, as Keyv's own JSON
   * does; a store that is given does what it was opened with.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, or something that is no store
   */
  constructor(source: StoreSource, { storeTimeout, ...options }: KeyvStoreOptions = {}) {
    super()
    const isDirectory = isPath(source)
    const { store, isOwn } = openStore(source, isDirectory ? { classes: 'plain', ...options } : options)
    this.store = store
    this.patient = new PatientStore(store, { storeTimeout })
    this.#isOwn = isOwn
  }

  /**
   * The namespace of the entries, which every Keyv that is given this store sets to its own; `undefined`, like `''`,
   * for entries without one.
   */
  get namespace(): string | undefined {
    return this.#namespace
  }

  set namespace(namespace: string | undefined) {
    if (namespace !== undefined) checkString('namespace', namespace)
    // A Keyv listens to errors before it sets its namespace: a single one that changes it does not share this object.
    if (this.listenerCount('error') < 2) this.#namespaces.clear()
    this.#namespaces.add(namespace ?? '')
    this.#namespace = namespace
    this.#keys = keyvKeys(namespace)
  }

  /**
   * Returns how the store does, as far as this process has noticed. While it is away, every operation rejects at once with
   * `ERR_DISKCACHE_UNAVAILABLE`, which a Keyv tells as the event `error`.
   */
  health(): StoreHealth {
    return this.patient.health()
  }

  /** Returns which entries were stored, and tells the listeners for `error` when one was too large. */
  protected tellRefused(stored: boolean[]): boolean[] {
    if (stored.includes(false) && this.listenerCount('error') > 0) this.emit('error', tooLargeError())
    return stored
  }

  /**
   * Returns the value of `key`, or `undefined` when there is no live entry.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  async get<Value>(key: string): Promise<Value | undefined> {
    return this.patient.read((store, options) => store.get(this.storeKey(key), options)) as Promise<
      Value | undefined
    >
  }

  /**
   * Returns the values of all keys in one operation of the store, in the order of the keys, with `undefined` for what
   * is missing.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  async getMany<Value>(keys: string[]): Promise<(Value | undefined)[]> {
    return this.patient.read((store, options) => store.getMany(this.#storeKeys(keys), options)) as Promise<
      (Value | undefined)[]
    >
  }

  /**
   * Returns whether there is a live entry.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  async has(key: string): Promise<boolean> {
    return this.patient.read((store, options) => store.has(this.storeKey(key), options))
  }

  /**
   * Returns for each key, in order, whether there is a live entry.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  async hasMany(keys: string[]): Promise<boolean[]> {
    return this.patient.read((store, options) => store.hasMany(this.#storeKeys(keys), options))
  }

  /**
   * Removes an entry, for all processes. Returns whether there was a live one.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  async delete(key: string): Promise<boolean> {
    return this.patient.write((store, options) => store.delete(this.storeKey(key), options))
  }

  /**
   * Removes all entries of the namespace, for all processes, and no others.
   *
   * @throws TypeError when Keyvs with different namespaces share this object, since one cannot tell which of them asks
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  async clear(): Promise<void> {
    if (this.isShared) {
      const names = quoteNamespaces(this.#namespaces)
      throw new TypeError(
        `Cannot clear: Keyvs with the namespaces ${names} share this object; give each an object of its own`,
      )
    }
    await this.patient.writeMuch((store, options) => store.clear({ prefix: this.#keys.prefix, ...options }))
  }

  /**
   * Iterates over the live entries of a namespace, this store's own by default, as `[key, value]`, page by page.
   * Nothing is locked meanwhile: entries may be removed and added.
   */
  async *iterator<Value>(
    namespace: string | undefined = this.#namespace,
  ): AsyncGenerator<(string | Awaited<Value> | undefined)[], void> {
    const own = new AsyncNamespace(this.store, new NamespaceScope(keyvKeys(namespace)))
    // In the order of keys the store goes straight to those with the prefix.
    const order = this.store.capabilities.orders.includes('sorted') ? 'sorted' : undefined
    for await (const [key, value] of own.entries({ order }))
      if (typeof key === 'string') yield [key, value as Awaited<Value>]
  }

  /**
   * Closes the `Cache` that the constructor opened, after everything that was asked for is done; a store that was given
   * stays open. A second call does nothing.
   */
  async disconnect(): Promise<void> {
    if (this.#isOwn) await this.store.close()
  }

  /** Removes entries in one operation, and returns for each key whether there was a live one. */
  protected async removeMany(keys: string[]): Promise<boolean[]> {
    return this.patient.write((store, options) => store.deleteMany(this.#storeKeys(keys), options))
  }

  /** Returns the store's key of a Keyv's key. */
  protected storeKey(key: string): string {
    // Keyv 5 lets numbers pass.
    return this.keysFor(key).encode(`${key}`)
  }

  /** Returns the keys of the namespace that a key is in. */
  protected keysFor(_key: string): NamespaceKeys {
    return this.#keys
  }

  /** The namespaces of the Keyvs that have this object. */
  protected get namespaces(): ReadonlySet<string> {
    return this.#namespaces
  }

  /** Whether several Keyvs with different namespaces have this object. */
  protected get isShared(): boolean {
    return this.#namespaces.size > 1
  }

  #storeKeys(keys: string[]): string[] {
    return keys.map((key) => this.storeKey(key))
  }
}
