import type { Readable } from 'node:stream'
import { Cache, type CacheOptions, Memoizer } from '@diskcache/cache'
import {
  type ByteSource,
  type Capabilities,
  type Change,
  type CounterKey,
  type CounterOptions,
  checkFunction,
  checkTakesNamespaces,
  type DirectoryPath,
  type DiskCacheError,
  directoryPath,
  type Entry,
  type GetOptions,
  type IterateOptions,
  type Key,
  type Memoized,
  type MemoizeOptions,
  type NamespaceOptions,
  NamespaceScope,
  type Problem,
  type ReadOptions,
  type RecipeHint,
  refuseGetOrSet,
  type Stats,
  type Store,
  type StreamedEntry,
  type StreamWriteOptions,
  type Synchronous,
  type TagChoice,
  type Ttl,
  UsageGuard,
  type WriteOptions,
} from '@diskcache/core'
import { checkSettings, type PartialSettings, type Settings } from '@diskcache/core/sqlite'
import { AsyncFanoutCache } from './async-fanout-cache.ts'
import { DroppedOperations } from './dropped-operations.ts'
import { FanoutNamespace } from './fanout-namespace.ts'
import { type FanoutOptions, resolveFanoutOptions } from './fanout-options.ts'
import { identity, inOrder, keyOfEntry, type NewEntry, total, totalStats } from './scatter-gather.ts'
import { chain, merge } from './sequences.ts'
import { Shards } from './shards.ts'
import { type SubStoreKind, subStoreDirectory } from './sub-store.ts'

const CAPABILITIES = Object.freeze<Capabilities>({
  snapshot: false,
  atomicTransact: false,
  orders: ['sorted'],
  onBusy: 'drop',
})

/**
 * A cache that is spread over several caches, its shards, by the hash of the key, so that processes write at the same
 * time. Every process that opens the directory shares it.
 *
 * Its synchronous face drops rather than waits: when a shard stays locked for longer than `timeout`, 10 ms unless
 * given, a read returns `undefined`, a write `false`, a removal of many the number that it managed. What has no such
 * answer (`incr`, `decr`, `update`, `pop`, `popEntry`, `transact`, `configure`, `check`, changes by `stats`) throws
 * `ERR_DISKCACHE_TIMEOUT`. The promise face waits, for up to `asyncTimeout`, and drops nothing.
 *
 * @example
 * ```ts
 * import { FanoutCache } from '@diskcache/fanout'
 *
 * using cache = new FanoutCache('cache-directory', { shards: 4 })
 * cache.set('user:1', { name: 'Ada' }, { ttl: 60_000 })
 * cache.get('user:1') // → { name: 'Ada' }
 * ```
 */
export class FanoutCache<K extends Key = Key, V = unknown> implements Store<K, V> {
  readonly #shards: Shards<K, V>
  readonly #drops: DroppedOperations
  readonly #usage = new UsageGuard()
  readonly #memoizer = new Memoizer(this)
  readonly #caches = new Map<string, Cache>()
  readonly #asyncTimeout: number
  #promises: AsyncFanoutCache<K, V> | undefined

  /**
   * Opens the cache in `directory`, which is made when it is not there, or in a new temporary directory. Settings
   * among the options are stored for every process; those that are left out stay as they are stored.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_SHARDS when the directory has another number of shards; ERR_DISKCACHE_FORMAT
   * when it holds something else, another codec's values or a newer format; ERR_DISKCACHE_TIMEOUT when other
   * processes kept it locked for longer than `openTimeout`; ERR_DISKCACHE_ENGINE when SQLite cannot be loaded
   */
  constructor(directory?: DirectoryPath | undefined, options: FanoutOptions = {}) {
    const path = directory === undefined ? undefined : directoryPath(directory)
    const resolved = resolveFanoutOptions(options)
    this.#shards = new Shards<K, V>(path, resolved)
    this.#drops = new DroppedOperations(this.directory)
    this.#asyncTimeout = resolved.cache.asyncTimeout
  }

  get directory(): string {
    return this.#shards.directory
  }

  get capabilities(): Capabilities {
    return CAPABILITIES
  }

  /** The number of shards. */
  get shards(): number {
    return this.#shards.count
  }

  /** Whether the cache can be used: `true` until `close()`. */
  get isOpen(): boolean {
    return this.#shards.isOpen
  }

  /**
   * The settings as they stand in the directory now, with what other processes have changed. `sizeLimit`, in bytes, and
   * `maxEntries` are those of all shards together.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   */
  get settings(): Readonly<Settings> {
    this.#enter()
    const { settings } = this.#shards.first
    const { count } = this.#shards
    return { ...settings, sizeLimit: settings.sizeLimit * count, maxEntries: settings.maxEntries * count }
  }

  /**
   * Changes settings in all shards, for every process; those that are left out stay. `sizeLimit`, in bytes, and
   * `maxEntries`, of at least one for each shard, are those of all shards together. Where another process keeps a shard locked for longer than `timeout`, nothing is changed; a
   * shard that is damaged beyond use gets the settings when it can be used again. Other processes follow within a
   * second, and take what is under `sqlite` when they open the cache next.
   *
   * @throws TypeError, RangeError for an unknown or illegal setting
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when another process kept a shard locked for longer than `timeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { FanoutCache } from '@diskcache/fanout'
   *
   * using cache = new FanoutCache('cache-directory')
   * cache.configure({ sizeLimit: 8 * 1024 ** 3 })
   * cache.settings.sizeLimit // → 8589934592
   * ```
   */
  configure(settings: PartialSettings): void {
    this.#enter()
    checkSettings(settings, this.#shards.disk)
    this.#shards.configure(settings)
  }

  /**
   * The same operations as promises, on the same entries. They wait for other processes without blocking the event
   * loop, and drop nothing.
   */
  get promises(): AsyncFanoutCache<K, V> {
    this.#promises ??= new AsyncFanoutCache<K, V>(this, {
      shards: this.#shards,
      drops: this.#drops,
      usage: this.#usage,
      settings: () => this.settings,
      caches: this.#caches,
      timeout: this.#asyncTimeout,
    })
    return this.#promises
  }

  /**
   * Returns the directory for a store of this kind and name, a path inside this directory, whether there is one or
   * not. A slash in the name makes a subdirectory.
   *
   * @throws TypeError, RangeError for what is no kind, and for a name that could lead elsewhere
   * @throws DiskCacheError ERR_DISKCACHE_FORMAT when a part of the path below this directory is a link
   */
  directoryFor(kind: SubStoreKind, name: string): string {
    return subStoreDirectory(this.directory, kind, name)
  }

  /**
   * Returns the cache of this name inside this directory. It is opened once, with the options of the first call, and
   * closed with this one. Other processes share it by its name.
   *
   * @throws TypeError, RangeError for a name that could lead elsewhere, and for an unknown or illegal option
   * @throws DiskCacheError as the constructor of `Cache` does, ERR_DISKCACHE_CLOSED after `close()`
   *
   * @example
   * ```ts
   * import { FanoutCache } from '@diskcache/fanout'
   *
   * using store = new FanoutCache('app-directory')
   * store.cache('pages/en').set('/', '<h1>Hello</h1>') // → true
   * store.cache('pages/en').get('/') // → '<h1>Hello</h1>'
   * ```
   */
  cache<CK extends Key = Key, CV = unknown>(name: string, options?: CacheOptions): Cache<CK, CV> {
    this.#enter()
    const directory = this.directoryFor('cache', name)
    const known = this.#caches.get(directory)
    const cache = known?.isOpen ? known : new Cache(directory, options)
    this.#caches.set(directory, cache)
    return cache as unknown as Cache<CK, CV>
  }

  namespace<NK extends Key = Key, NV = unknown>(
    name: string,
    options?: NamespaceOptions,
  ): FanoutNamespace<NK, NV> {
    this.#enter()
    checkTakesNamespaces(this.#shards.disk)
    return new FanoutNamespace<NK, NV>(this as unknown as FanoutCache, NamespaceScope.of(name, options))
  }

  count(options?: { prefix?: string | undefined }): number {
    return this.#sum((shard) => shard.count(options))
  }

  get size(): number {
    this.#enter()
    return this.#sum((shard) => shard.size)
  }

  get(key: K, options?: GetOptions): V | undefined {
    return this.#attempt(key, undefined, (shard) => shard.get(key, options))
  }

  getEntry(key: K, options?: GetOptions): Entry<V> | undefined {
    return this.#attempt(key, undefined, (shard) => shard.getEntry(key, options))
  }

  /**
   * Returns the values of many keys, in their order, with `undefined` for each that has no live entry. Sees what
   * every process has committed. Those of one shard are of one moment; those of a shard that stays locked are
   * `undefined`.
   */
  getMany(keys: Iterable<K>): (V | undefined)[] {
    return this.#gather(keys, identity, undefined, (shard, keys) => shard.getMany(keys))
  }

  getEntries(keys: Iterable<K>): (Entry<V> | undefined)[] {
    return this.#gather(keys, identity, undefined, (shard, keys) => shard.getEntries(keys))
  }

  has(key: K): boolean {
    return this.#attempt(key, false, (shard) => shard.has(key))
  }

  hasMany(keys: Iterable<K>): boolean[] {
    return this.#gather(keys, identity, false, (shard, keys) => shard.hasMany(keys))
  }

  set(key: K, value: V, options?: WriteOptions): boolean {
    return this.#attempt(key, false, (shard) => shard.set(key, value, options))
  }

  setMany(entries: Iterable<NewEntry<K, V>>, options?: WriteOptions): boolean[] {
    return this.#gather(entries, keyOfEntry, false, (shard, entries) => shard.setMany(entries, options))
  }

  add(key: K, value: V, options?: WriteOptions): boolean {
    return this.#attempt(key, false, (shard) => shard.add(key, value, options))
  }

  update(key: K, change: (entry: Entry<V> | undefined, now: number) => Change<V>): Entry<V> | undefined {
    checkFunction('change', change)
    return this.#shard(key).update(key, (entry, now) => this.#usage.runCallback(() => change(entry, now)))
  }

  incr(key: CounterKey<K, V>, delta?: number, options?: CounterOptions): number {
    return this.#shard(key).incr(key, delta, options)
  }

  decr(key: CounterKey<K, V>, delta?: number, options?: CounterOptions): number {
    return this.#shard(key).decr(key, delta, options)
  }

  touch(key: K, options: { ttl: Ttl }): boolean {
    return this.#attempt(key, false, (shard) => shard.touch(key, options))
  }

  delete(key: K): boolean {
    return this.#attempt(key, false, (shard) => shard.delete(key))
  }

  deleteMany(keys: Iterable<K>): boolean[] {
    return this.#gather(keys, identity, false, (shard, keys) => shard.deleteMany(keys))
  }

  pop(key: K): V | undefined {
    return this.#shard(key).pop(key)
  }

  popEntry(key: K): Entry<V> | undefined {
    return this.#shard(key).popEntry(key)
  }

  read(key: K, options?: ReadOptions): Readable | undefined {
    return this.#attempt(key, undefined, (shard) => shard.read(key, options))
  }

  readEntry(key: K, options?: ReadOptions): StreamedEntry | undefined {
    return this.#attempt(key, undefined, (shard) => shard.readEntry(key, options))
  }

  async write(key: K, source: ByteSource, options?: StreamWriteOptions): Promise<boolean> {
    try {
      return await this.#shard(key).write(key, source, options)
    } catch (error) {
      this.#drop(error, key)
      return false
    }
  }

  /**
   * Iterates over the keys of live entries, shard after shard, or, with `order: 'sorted'`, merged in the order of
   * keys; with `reverse`, exactly backwards. Entries are read a page at a time, and nothing is locked in between: an entry that is there throughout
   * appears exactly once; one that any process adds to a shard after its part began does not appear.
   */
  keys(options: IterateOptions = {}): IteratorObject<K> {
    const sequences = this.#each((shard) => shard.keys(options))
    if (options.order !== 'sorted') return chain(options.reverse ? sequences.toReversed() : sequences)
    return merge(sequences, (a, b) => this.#shards.compare(a, b, options.reverse))
  }

  values(options: IterateOptions = {}): IteratorObject<V> {
    return this.entries(options).map(([, value]) => value)
  }

  entries(options: IterateOptions = {}): IteratorObject<[K, V]> {
    const sequences = this.#each((shard) => shard.entries(options))
    if (options.order !== 'sorted') return chain(options.reverse ? sequences.toReversed() : sequences)
    return merge(sequences, ([a], [b]) => this.#shards.compare(a, b, options.reverse))
  }

  [Symbol.iterator](): IteratorObject<[K, V]> {
    return this.entries()
  }

  /**
   * Runs a synchronous body while this process alone can write, to any shard, and returns what the body returns. When
   * the body throws, all is undone. Other processes see what it did shard by shard, as the shards are committed: when
   * the process is killed while it commits, or the disk is full then, some shards may have been committed and others
   * not.
   */
  transact<T>(body: () => Synchronous<T>): T {
    this.#enter()
    checkFunction('body', body)
    return this.#shards.transact(body)
  }

  memoize<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    options: MemoizeOptions<A, R>,
  ): Memoized<A, R> {
    this.#enter()
    return this.#memoizer.memoize(fn, options)
  }

  /**
   * Throws: `getOrSet` is a function of `@diskcache/recipes`, which is a package of its own, and takes any store.
   *
   * @throws TypeError that says how to call it
   * @deprecated Install it with `npm install @diskcache/recipes`, `import { getOrSet } from '@diskcache/recipes'`, and
   * call `getOrSet(cache, key, make)`.
   * @hidden
   */
  getOrSet(this: RecipeHint, ..._args: unknown[]): unknown {
    return refuseGetOrSet()
  }

  evict(tag: TagChoice, options?: { prefix?: string | undefined }): number {
    return this.#remove((shard) => shard.evict(tag, options))
  }

  expire(): number {
    return this.#remove((shard) => shard.expire())
  }

  cull(): number {
    return this.#remove((shard) => shard.cull())
  }

  clear(options?: { prefix?: string | undefined }): number {
    return this.#remove((shard) => shard.clear(options))
  }

  check(options?: { fix?: boolean | undefined }): Problem[] {
    return this.#each((shard) => shard.check(options)).flat()
  }

  /**
   * Returns the hits and misses of all shards that all processes have had while statistics were on, and as `dropped`
   * the number of operations that this object gave up. `enable` turns statistics on or off, for every process;
   * `reset` sets all counts to 0 after they were read.
   */
  stats(options?: { enable?: boolean | undefined; reset?: boolean | undefined }): Stats {
    const stats = this.#each((shard) => shard.stats(options))
    return totalStats(stats, this.#drops.count(options?.reset))
  }

  volume(): number {
    this.#enter()
    return this.#sum((shard) => shard.volume())
  }

  /**
   * Closes the shards, both faces, and the caches that `cache` opened, for this process. A second call does nothing.
   * Promises of writes that are not committed yet reject with `ERR_DISKCACHE_CLOSED`; `promises.close()` waits for
   * them instead.
   */
  close(): void {
    if (!this.isOpen) return
    this.#enter()
    this.#shards.close()
    for (const cache of this.#caches.values()) cache.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #enter(): void {
    this.#usage.assertUsable(this.isOpen)
  }

  /** Returns the shard of a key. */
  #shard(key: K): Cache<K, V> {
    this.#enter()
    return this.#shards.at(this.#shards.indexOf(key))
  }

  /** Runs an operation on the shard of its key and returns its result, or `dropped` when the shard stays locked. */
  #attempt<T>(key: K, dropped: T, operation: (shard: Cache<K, V>) => T): T {
    this.#enter()
    const index = this.#shards.indexOf(key)
    try {
      return operation(this.#shards.at(index))
    } catch (error) {
      this.#drop(error, key)
      return dropped
    }
  }

  /** Runs an operation on every shard that is not damaged beyond use, and returns the results. */
  #each<T>(operation: (shard: Cache<K, V>) => T): T[] {
    this.#enter()
    return this.#shards.indices().flatMap((index) => {
      try {
        return [operation(this.#shards.at(index))]
      } catch (error) {
        if (this.#shards.isLeftOut(error)) return []
        throw error
      }
    })
  }

  /** Counts an operation that is given up, because its shard is locked or damaged; throws any other error. */
  #drop(error: unknown, key?: K): void {
    this.#drops.note(error, {
      ...(key === undefined ? {} : { key }),
      isLeftOut: this.#shards.isLeftOut(error),
    })
  }

  #sum(operation: (shard: Cache<K, V>) => number): number {
    return total(this.#each(operation))
  }

  /**
   * Runs a removal on every shard and returns the number of entries. A shard that stays locked counts for what was
   * removed before.
   */
  #remove(removal: (shard: Cache<K, V>) => number): number {
    this.#enter()
    const counts = this.#shards.indices().map((index) => {
      try {
        return removal(this.#shards.at(index))
      } catch (error) {
        this.#drop(error)
        return (error as DiskCacheError).count ?? 0
      }
    })
    return total(counts)
  }

  /**
   * Runs an operation on each shard that has some of the items and returns the results in their order, with `dropped`
   * for those of a shard that stays locked.
   */
  #gather<T, R>(
    items: Iterable<T>,
    keyOf: (item: T) => K,
    dropped: R,
    operation: (shard: Cache<K, V>, items: T[]) => R[],
  ): R[] {
    this.#enter()
    const groups = this.#shards.group(items, keyOf)
    const parts = Array.from(groups, ([index, { items, places }]) => {
      try {
        return { places, results: operation(this.#shards.at(index), items) }
      } catch (error) {
        this.#drop(error)
        return { places, results: items.map(() => dropped) }
      }
    })
    return inOrder(parts)
  }
}
