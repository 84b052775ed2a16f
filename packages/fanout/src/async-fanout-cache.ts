import type { Readable } from 'node:stream'
import type { AsyncCache, Cache } from '@diskcache/cache'
import {
  type Abortable,
  type AsyncCapabilities,
  type AsyncStore,
  abortable,
  type ByteSource,
  type Change,
  type CounterKey,
  type CounterOptions,
  checkFunction,
  closedError,
  DEFAULT_TTL,
  type Entry,
  type GetOptions,
  ITEMS_PER_SLICE,
  type IterateOptions,
  isSliceOver,
  type Key,
  type NamespaceOptions,
  nextSlice,
  type Problem,
  type PromisesNamespace,
  quote,
  type ReadOptions,
  type RecipeHint,
  refuseGetOrSet,
  SET_WITH_METADATA,
  STORE_FILES,
  STORE_LISTING,
  type Stats,
  type Store,
  type StoreFiles,
  type StoreListing,
  type StreamedEntry,
  type StreamWriteOptions,
  type Synchronous,
  type TagChoice,
  type Ttl,
  type UsageGuard,
  type WriteOptions,
} from '@diskcache/core'
import { checkSettings, type PartialSettings, type Settings, withRetry } from '@diskcache/core/sqlite'
import type { DroppedOperations } from './dropped-operations.ts'
import { Exclusion } from './exclusion.ts'
import { identity, inOrder, keyOfEntry, type NewEntry, total, totalStats } from './scatter-gather.ts'
import { chainAsync, mergeAsync } from './sequences.ts'
import { ShardListing } from './shard-listing.ts'
import type { ShardItems, Shards } from './shards.ts'

const CAPABILITIES = Object.freeze<AsyncCapabilities>({
  snapshot: false,
  atomicTransact: false,
  orders: ['sorted'],
  onBusy: 'throw',
  transact: true,
  streams: true,
  watch: true,
})

/** What both faces share. */
export interface FanoutParts<K extends Key, V> {
  readonly shards: Shards<K, V>
  readonly drops: DroppedOperations
  readonly usage: UsageGuard
  /** Returns the settings of all shards together. */
  readonly settings: () => Readonly<Settings>
  /** The named caches that are open, by their directories. */
  readonly caches: ReadonlyMap<string, Cache>
  /** The longest time that an operation may wait for other processes, in milliseconds. */
  readonly timeout: number
}

/**
 * The promise face of a sharded cache. It waits for other processes without blocking the event loop, for up to
 * `asyncTimeout`, and drops nothing. Order and signals are as in the promise face of `Cache`, in each shard.
 */
export class AsyncFanoutCache<K extends Key = Key, V = unknown> implements AsyncStore<K, V> {
  readonly #store: Store<K, V>
  readonly #parts: FanoutParts<K, V>
  readonly #exclusion = new Exclusion()
  #closing: Promise<void> | undefined

  constructor(store: Store<K, V>, parts: FanoutParts<K, V>) {
    this.#store = store
    this.#parts = parts
  }

  get capabilities(): AsyncCapabilities {
    return CAPABILITIES
  }

  get inTransaction(): boolean {
    return this.#parts.shards.first.promises.inTransaction
  }

  /** The time to live of writes that give none, for recipes. */
  get [DEFAULT_TTL](): Ttl | undefined {
    return this.#parts.shards.first.promises[DEFAULT_TTL]
  }

  /** The files of the shards, for recipes. */
  get [STORE_FILES](): StoreFiles {
    const filesOf = (key: Key) => this.#parts.shards.at(this.#parts.shards.indexOf(key)).promises[STORE_FILES]
    return {
      look: (key) => filesOf(key).look(key),
      onReplaced: (key, listener) => filesOf(key).onReplaced(key, listener),
    }
  }

  /** The entries of all shards, for those who look into the cache. */
  get [STORE_LISTING](): StoreListing {
    // Which types keys and values have, listing them does not ask.
    const { shards, settings } = this.#parts
    return new ShardListing(shards as unknown as Shards, settings)
  }

  /**
   * Changes settings in all shards, when everything before it is done, and resolves when they hold for every process;
   * those that are left out stay. `sizeLimit`, in bytes, and `maxEntries`, of at least one for each shard, are those of
   * all shards together. A shard that is damaged beyond use gets the settings when it can be used again. Other processes
   * follow within a second, and take what is under `sqlite` when they open the cache next.
   *
   * @throws TypeError, RangeError for an unknown or illegal setting
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept a shard locked for longer than
   * `asyncTimeout`: then nothing is changed; ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { FanoutCache } from '@diskcache/fanout'
   *
   * await using cache = new FanoutCache('cache-directory').promises
   * await cache.configure({ sizeLimit: 8 * 1024 ** 3 })
   * ```
   */
  async configure(settings: PartialSettings, options?: Abortable): Promise<void> {
    this.#enter(options)
    checkSettings(settings, this.#parts.shards.disk)
    return this.#exclusion.run(async () => {
      await this.#becomeAlone(options)
      const { shards, timeout } = this.#parts
      const attempt = () => shards.configureNow(settings)
      return withRetry({ store: shards.directory, timeout, signal: options?.signal }, attempt)
    })
  }

  namespace<NK extends Key = Key, NV = unknown>(
    name: string,
    options?: NamespaceOptions,
  ): PromisesNamespace<NK, NV> {
    this.#enter(undefined)
    return this.#store.namespace<NK, NV>(name, options).promises as PromisesNamespace<NK, NV>
  }

  async count(options?: { prefix?: string | undefined } & Abortable): Promise<number> {
    return total(await this.#each(options, (shard) => shard.count(options)))
  }

  async get(key: K, options?: GetOptions & Abortable): Promise<V | undefined> {
    return (await this.#shard(key, options)).get(key, options)
  }

  async getEntry(key: K, options?: GetOptions & Abortable): Promise<Entry<V> | undefined> {
    return (await this.#shard(key, options)).getEntry(key, options)
  }

  /**
   * Resolves to the values of many keys, in their order, with `undefined` for each that has no live entry. Sees what
   * every process has committed. Those of one shard are of one moment.
   */
  async getMany(keys: Iterable<K>, options?: Abortable): Promise<(V | undefined)[]> {
    return this.#gather(keys, identity, { options, missing: undefined }, (shard, keys) =>
      shard.getMany(keys, options),
    )
  }

  async getEntries(keys: Iterable<K>, options?: Abortable): Promise<(Entry<V> | undefined)[]> {
    return this.#gather(keys, identity, { options, missing: undefined }, (shard, keys) =>
      shard.getEntries(keys, options),
    )
  }

  async has(key: K, options?: Abortable): Promise<boolean> {
    return (await this.#shard(key, options)).has(key, options)
  }

  async hasMany(keys: Iterable<K>, options?: Abortable): Promise<boolean[]> {
    return this.#gather(keys, identity, { options, missing: false }, (shard, keys) =>
      shard.hasMany(keys, options),
    )
  }

  async set(key: K, value: V, options?: WriteOptions & Abortable): Promise<boolean> {
    return (await this.#shard(key, options)).set(key, value, options)
  }

  async setMany(entries: Iterable<NewEntry<K, V>>, options?: WriteOptions & Abortable): Promise<boolean[]> {
    return this.#gather(entries, keyOfEntry, { options, missing: false }, (shard, entries) =>
      shard.setMany(entries, options),
    )
  }

  async add(key: K, value: V, options?: WriteOptions & Abortable): Promise<boolean> {
    return (await this.#shard(key, options)).add(key, value, options)
  }

  async update(
    key: K,
    change: (entry: Entry<V> | undefined, now: number) => Change<V>,
    options?: Abortable,
  ): Promise<Entry<V> | undefined> {
    checkFunction('change', change)
    const guarded: typeof change = (entry, now) => this.#parts.usage.runCallback(() => change(entry, now))
    return (await this.#shard(key, options)).update(key, guarded, options)
  }

  async incr(key: CounterKey<K, V>, delta?: number, options?: CounterOptions & Abortable): Promise<number> {
    return (await this.#shard(key, options)).incr(key, delta, options)
  }

  async decr(key: CounterKey<K, V>, delta?: number, options?: CounterOptions & Abortable): Promise<number> {
    return (await this.#shard(key, options)).decr(key, delta, options)
  }

  async touch(key: K, options: { ttl: Ttl } & Abortable): Promise<boolean> {
    return (await this.#shard(key, options)).touch(key, options)
  }

  async delete(key: K, options?: Abortable): Promise<boolean> {
    return (await this.#shard(key, options)).delete(key, options)
  }

  async deleteMany(keys: Iterable<K>, options?: Abortable): Promise<boolean[]> {
    return this.#gather(keys, identity, { options, missing: false }, (shard, keys) =>
      shard.deleteMany(keys, options),
    )
  }

  async pop(key: K, options?: Abortable): Promise<V | undefined> {
    return (await this.#shard(key, options)).pop(key, options)
  }

  async popEntry(key: K, options?: Abortable): Promise<Entry<V> | undefined> {
    return (await this.#shard(key, options)).popEntry(key, options)
  }

  async read(key: K, options?: ReadOptions & Abortable): Promise<Readable | undefined> {
    return (await this.#shard(key, options)).read(key, options)
  }

  async readEntry(key: K, options?: ReadOptions & Abortable): Promise<StreamedEntry | undefined> {
    return (await this.#shard(key, options)).readEntry(key, options)
  }

  /** Stores a value with metadata, for an import. */
  async [SET_WITH_METADATA](key: Key, value: unknown, options: StreamWriteOptions): Promise<boolean> {
    return (await this.#shard(key as K, undefined))[SET_WITH_METADATA](key, value, options)
  }

  async write(key: K, source: ByteSource, options?: StreamWriteOptions & Abortable): Promise<boolean> {
    return (await this.#shard(key, options)).write(key, source, options)
  }

  /**
   * Iterates over the keys of live entries, shard after shard, or, with `order: 'sorted'`, merged in the order of
   * keys; with `reverse`, exactly backwards. Entries are read a page at a time, and nothing is locked in between: an entry that is there throughout
   * appears exactly once; one that any process adds meanwhile need not appear.
   */
  keys(options: IterateOptions & Abortable = {}): AsyncIterableIterator<K> {
    return this.#iterate(options, (shard) => shard.keys(options), identity)
  }

  async *values(options: IterateOptions & Abortable = {}): AsyncGenerator<V, undefined, undefined> {
    for await (const [, value] of this.entries(options)) yield value
  }

  entries(options: IterateOptions & Abortable = {}): AsyncIterableIterator<[K, V]> {
    return this.#iterate(options, (shard) => shard.entries(options), keyOfEntry)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<[K, V]> {
    return this.entries()
  }

  /**
   * Runs a synchronous body with the synchronous face, when everything before it is done, while this process alone
   * can write, to any shard, and resolves to what the body returns. When the body throws, all is undone. Locks of all
   * shards are tried in one turn of the event loop, and none is held from turn to turn. Other processes see what the
   * body did shard by shard, as the shards are committed.
   *
   * @throws TypeError when the body returns a promise: nothing is committed
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept a lock for longer than `asyncTimeout`,
   * ERR_DISKCACHE_FULL, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { FanoutCache } from '@diskcache/fanout'
   *
   * await using cache = new FanoutCache<string, number>('cache-directory').promises
   * await cache.transact((store) => store.incr('alice', 7) + store.decr('bob', 7)) // → 0
   * ```
   */
  async transact<T>(body: (store: Store<K, V>) => Synchronous<T>, options?: Abortable): Promise<T> {
    checkFunction('body', body)
    this.#enter(options)
    return this.#exclusion.run(async () => {
      await this.#becomeAlone(options)
      return this.#transactAlone(() => body(this.#store), options?.signal)
    })
  }

  /**
   * Rejects: `getOrSet` is a function of `@diskcache/recipes`, which is a package of its own, and takes any store.
   *
   * @throws TypeError that says how to call it
   * @deprecated Install it with `npm install @diskcache/recipes`, `import { getOrSet } from '@diskcache/recipes'`, and
   * call `getOrSet(cache, key, make)`.
   * @hidden
   */
  async getOrSet(this: RecipeHint, ..._args: unknown[]): Promise<unknown> {
    return refuseGetOrSet()
  }

  async evict(tag: TagChoice, options?: { prefix?: string | undefined } & Abortable): Promise<number> {
    return total(await this.#each(options, (shard) => shard.evict(tag, options)))
  }

  async expire(options?: Abortable): Promise<number> {
    return total(await this.#each(options, (shard) => shard.expire(options)))
  }

  async cull(options?: Abortable): Promise<number> {
    return total(await this.#each(options, (shard) => shard.cull(options)))
  }

  async clear(options?: { prefix?: string | undefined } & Abortable): Promise<number> {
    return total(await this.#each(options, (shard) => shard.clear(options)))
  }

  async check(options?: { fix?: boolean | undefined } & Abortable): Promise<Problem[]> {
    return (await this.#each(options, (shard) => shard.check(options))).flat()
  }

  /**
   * Resolves to the hits and misses of all shards that all processes have had while statistics were on, and as
   * `dropped` to the number of operations that the synchronous face gave up. `enable` turns statistics on or off, for
   * every process; `reset` sets all counts to 0 after they were read.
   */
  async stats(
    options?: { enable?: boolean | undefined; reset?: boolean | undefined } & Abortable,
  ): Promise<Stats> {
    const stats = await this.#each(options, (shard) => shard.stats(options))
    return totalStats(stats, this.#parts.drops.count(options?.reset))
  }

  async volume(options?: Abortable): Promise<number> {
    return total(await this.#each(options, (shard) => shard.volume(options)))
  }

  /**
   * Resolves when something has changed, since the call, in a shard of these keys, by this process or another:
   * perhaps one of them.
   */
  async waitFor(keys: readonly K[], options: { signal: AbortSignal }): Promise<void> {
    this.#enter(options)
    if (options?.signal === undefined) throw new TypeError('Cannot wait: signal is missing')
    const over = new AbortController()
    const signal = AbortSignal.any([options.signal, over.signal])
    try {
      const groups = this.#parts.shards.group(keys, identity)
      const waits = Array.from(groups, ([index, { items }]) => this.#waitIn(index, items, signal))
      await Promise.race(waits)
    } finally {
      over.abort()
    }
  }

  changeCount(): number | undefined {
    this.#enter(undefined)
    const { shards } = this.#parts
    let sum = 0
    for (const index of shards.indices()) {
      const count = shards.ifOpen(index)?.promises.changeCount()
      if (count === undefined) return undefined
      sum += count
    }
    return sum
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #enter(options: Abortable | undefined): void {
    if (this.#closing !== undefined) throw closedError()
    this.#parts.usage.assertUsable(this.#parts.shards.isOpen)
    const signal = options?.signal
    if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
      throw new TypeError(`Cannot use signal: expected an AbortSignal, got ${quote(signal)}`)
    }
  }

  #shard(key: K, options: Abortable | undefined): Promise<AsyncCache<K, V>> {
    return this.#at(this.#parts.shards.indexOf(key), options)
  }

  #at(index: number, options: Abortable | undefined): Promise<AsyncCache<K, V>> {
    this.#enter(options)
    return this.#enterShard(index, this.#exclusion.pendingExclusive, options)
  }

  /**
   * Resolves to the promise face of a shard, after what has asked to be alone. All operations come by here in as many
   * steps, and so keep their order.
   */
  async #enterShard(
    index: number,
    passage: Promise<void> | undefined,
    options: Abortable | undefined,
  ): Promise<AsyncCache<K, V>> {
    if (passage !== undefined) await abortable(passage, options?.signal)
    return (await this.#parts.shards.later(index, options?.signal)).promises
  }

  /** Runs an operation on every shard that is not damaged beyond use, and resolves to the results. */
  async #each<T>(
    options: Abortable | undefined,
    operation: (shard: AsyncCache<K, V>) => Promise<T>,
  ): Promise<T[]> {
    const { shards } = this.#parts
    const results = shards.indices().map(async (index) => {
      try {
        return [await operation(await this.#at(index, options))]
      } catch (error) {
        if (shards.isLeftOut(error)) return []
        throw error
      }
    })
    return (await Promise.all(results)).flat(1) as T[]
  }

  /**
   * Runs an operation on each shard that has some of the items and resolves to the results, in their order; `missing`
   * for items of a shard that is damaged beyond use.
   */
  async #gather<T, R>(
    items: Iterable<T>,
    keyOf: (item: T) => K,
    { options, missing }: { readonly options: Abortable | undefined; readonly missing: R },
    operation: (shard: AsyncCache<K, V>, items: T[]) => Promise<R[]>,
  ): Promise<R[]> {
    this.#enter(options)
    const { shards } = this.#parts
    const all = [...items]
    const collect = async (
      groups: ReadonlyMap<number, ShardItems<T>>,
      enter: (index: number) => Promise<AsyncCache<K, V>>,
    ) => {
      const parts = Array.from(groups, async ([index, { items, places }]) => {
        try {
          return { places, results: await operation(await enter(index), items) }
        } catch (error) {
          if (!shards.isLeftOut(error)) throw error
          return { places, results: items.map(() => missing) }
        }
      })
      return inOrder(await Promise.all(parts))
    }
    if (all.length <= ITEMS_PER_SLICE)
      return collect(shards.group(all, keyOf), (index) => this.#at(index, options))
    // To find their shards takes a while, in which nothing may overtake them.
    return this.#exclusion.run(async () => {
      const groups = await this.#groupInSlices(all, keyOf)
      return collect(groups, (index) => this.#enterShard(index, undefined, options))
    })
  }

  async #groupInSlices<T>(items: readonly T[], keyOf: (item: T) => K): Promise<Map<number, ShardItems<T>>> {
    const groups = new Map<number, ShardItems<T>>()
    for (let first = 0; first < items.length; first += ITEMS_PER_SLICE) {
      this.#parts.shards.addTo(groups, items.slice(first, first + ITEMS_PER_SLICE), keyOf, first)
      if (isSliceOver()) await nextSlice()
    }
    return groups
  }

  #iterate<T>(
    options: IterateOptions & Abortable,
    begin: (shard: AsyncCache<K, V>) => AsyncIterableIterator<T>,
    keyOf: (item: T) => K,
  ): AsyncGenerator<T, undefined, undefined> {
    const { shards } = this.#parts
    const sequences = this.#parts.shards.indices().map((index) => this.#sequence(index, options, begin))
    if (options.order !== 'sorted') return chainAsync(options.reverse ? sequences.toReversed() : sequences)
    return mergeAsync(sequences, (a, b) => shards.compare(keyOf(a), keyOf(b), options.reverse))
  }

  async *#sequence<T>(
    index: number,
    options: Abortable,
    begin: (shard: AsyncCache<K, V>) => AsyncIterableIterator<T>,
  ): AsyncGenerator<T, undefined, undefined> {
    yield* begin(await this.#at(index, options))
  }

  /** Waits for a change in a shard, from now on where the shard is open, so that no change is missed. */
  async #waitIn(index: number, keys: readonly K[], signal: AbortSignal): Promise<void> {
    const { shards } = this.#parts
    const { promises } = shards.ifOpen(index) ?? (await shards.later(index, signal))
    await promises.waitFor(keys, { signal })
  }

  /** Waits for everything that was asked for before. In a shard that is damaged beyond use, nothing is pending then. */
  async #becomeAlone(options: Abortable | undefined): Promise<void> {
    const { shards } = this.#parts
    const counts = shards.indices().map(async (index) => {
      try {
        await (await this.#enterShard(index, undefined, options)).count(options)
      } catch (error) {
        if (!shards.isLeftOut(error)) throw error
      }
    })
    await Promise.all(counts)
  }

  #transactAlone<T>(body: () => T, signal: AbortSignal | undefined): Promise<T> {
    const { shards, timeout } = this.#parts
    let hasBegun = false
    const isFinal = () => hasBegun
    return withRetry({ store: shards.directory, timeout, signal, isFinal }, () =>
      shards.transactNow(() => {
        hasBegun = true
        return body()
      }),
    )
  }

  async #finish(): Promise<void> {
    await abortable(this.#exclusion.pendingExclusive ?? Promise.resolve(), undefined)
    await this.#parts.shards.settled()
    const caches = [...this.#parts.shards.opened(), ...this.#parts.caches.values()]
    await Promise.all(caches.map((cache) => cache.promises.close()))
    this.#store.close()
  }
}
