import type { Readable } from 'node:stream'
import { Cache, type CacheOptions, Memoizer } from '@diskcache/cache'
import {
  type ByteSource,
  type Capabilities,
  type Change,
  type CounterOptions,
  checkDirectory,
  checkFunction,
  type DiskCacheError,
  type Entry,
  type IterateOptions,
  type Key,
  type Memoized,
  type MemoizeOptions,
  type Problem,
  type Stats,
  type Store,
  type Tag,
  UsageGuard,
  type WriteOptions,
} from '@diskcache/core'
import type { Settings } from '@diskcache/core/sqlite'
import { AsyncFanoutCache } from './async-fanout-cache.ts'
import { DroppedOperations } from './dropped-operations.ts'
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
 * A cache that is spread over several, its shards, by the hash of the key, so that processes write at the same time.
 *
 * Its synchronous face drops rather than waits: when a shard stays locked for longer than `timeout`, a read gives
 * `undefined`, a write `false`, a removal of many the number that it managed. What has no such answer (`incr`, `decr`,
 * `update`, `pop`, `popEntry`, `transact`, `check`, changes by `stats`) throws `ERR_DISKCACHE_TIMEOUT`. The promise face waits.
 *
 * @example
 * using cache = new FanoutCache('/var/cache/app', { shards: 4 })
 * cache.set('user:1', { name: 'Ada' }, { ttl: 60_000 })
 * cache.get('user:1') // → { name: 'Ada' }
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
   * Opens the cache in `directory`, which is made when it is not there; without one, in a new temporary directory.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_SHARDS when the directory has another number of shards
   */
  constructor(directory?: string | undefined, options: FanoutOptions = {}) {
    if (directory !== undefined) checkDirectory(directory)
    const resolved = resolveFanoutOptions(options)
    this.#shards = new Shards<K, V>(directory, resolved)
    this.#drops = new DroppedOperations(this.directory)
    this.#asyncTimeout = resolved.cache.asyncTimeout
  }

  /** The real path of the directory. */
  get directory(): string {
    return this.#shards.directory
  }

  get capabilities(): Capabilities {
    return CAPABILITIES
  }

  /** How many shards there are. */
  get shards(): number {
    return this.#shards.count
  }

  get isOpen(): boolean {
    return this.#shards.isOpen
  }

  /** As they stand in the directory now; `sizeLimit` is that of all shards together. */
  get settings(): Readonly<Settings> {
    this.#enter()
    const { settings } = this.#shards.first
    return { ...settings, sizeLimit: settings.sizeLimit * this.#shards.count }
  }

  /** The same operations as promises, which wait without blocking the event loop, and lose nothing. */
  get promises(): AsyncFanoutCache<K, V> {
    this.#promises ??= new AsyncFanoutCache<K, V>(this, {
      shards: this.#shards,
      drops: this.#drops,
      usage: this.#usage,
      caches: this.#caches,
      timeout: this.#asyncTimeout,
    })
    return this.#promises
  }

  /** Where a store of this kind and name lives: a path inside this directory. A slash in the name makes a subdirectory. */
  directoryFor(kind: SubStoreKind, name: string): string {
    return subStoreDirectory(this.directory, kind, name)
  }

  /** The cache of this name. It is opened once, with the options of the first call, and closed with this one. */
  cache<CK extends Key = Key, CV = unknown>(name: string, options?: CacheOptions): Cache<CK, CV> {
    this.#enter()
    const directory = this.directoryFor('cache', name)
    const known = this.#caches.get(directory)
    const cache = known?.isOpen ? known : new Cache(directory, options)
    this.#caches.set(directory, cache)
    return cache as unknown as Cache<CK, CV>
  }

  get size(): number {
    this.#enter()
    return this.#sum((shard) => shard.size)
  }

  get(key: K): V | undefined {
    return this.#attempt(key, undefined, (shard) => shard.get(key))
  }

  getEntry(key: K): Entry<V> | undefined {
    return this.#attempt(key, undefined, (shard) => shard.getEntry(key))
  }

  /** Each shard's entries are of one moment. */
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

  /** One transaction for each shard. */
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

  incr(key: K, delta?: number, options?: CounterOptions): number {
    return this.#shard(key).incr(key, delta, options)
  }

  decr(key: K, delta?: number, options?: CounterOptions): number {
    return this.#shard(key).decr(key, delta, options)
  }

  touch(key: K, options: { ttl: number }): boolean {
    return this.#attempt(key, false, (shard) => shard.touch(key, options))
  }

  delete(key: K): boolean {
    return this.#attempt(key, false, (shard) => shard.delete(key))
  }

  /** One transaction for each shard. */
  deleteMany(keys: Iterable<K>): boolean[] {
    return this.#gather(keys, identity, false, (shard, keys) => shard.deleteMany(keys))
  }

  pop(key: K): V | undefined {
    return this.#shard(key).pop(key)
  }

  popEntry(key: K): Entry<V> | undefined {
    return this.#shard(key).popEntry(key)
  }

  /** Destroy the stream when you do not read it to its end: it holds a file descriptor. */
  read(key: K): Readable | undefined {
    return this.#attempt(key, undefined, (shard) => shard.read(key))
  }

  async write(key: K, source: ByteSource, options?: WriteOptions): Promise<boolean> {
    try {
      return await this.#shard(key).write(key, source, options)
    } catch (error) {
      this.#drops.note(error, key)
      return false
    }
  }

  /** Shard after shard, or, with `order: 'sorted'`, merged. */
  keys(options: IterateOptions = {}): IteratorObject<K> {
    const sequences = this.#each((shard) => shard.keys(options))
    if (options.order !== 'sorted') return chain(sequences)
    return merge(sequences, (a, b) => this.#shards.compare(a, b, options.reverse))
  }

  values(options: IterateOptions = {}): IteratorObject<V> {
    return this.entries(options).map(([, value]) => value)
  }

  entries(options: IterateOptions = {}): IteratorObject<[K, V]> {
    const sequences = this.#each((shard) => shard.entries(options))
    if (options.order !== 'sorted') return chain(sequences)
    return merge(sequences, ([a], [b]) => this.#shards.compare(a, b, options.reverse))
  }

  [Symbol.iterator](): IteratorObject<[K, V]> {
    return this.entries()
  }

  /**
   * Runs a synchronous body while this process alone can write, to any shard. When the body throws, all is undone. When
   * the process is killed while it commits, or the disk is full then, some shards may have been committed and others not.
   */
  transact<T>(body: () => T): T {
    this.#enter()
    checkFunction('body', body)
    return this.#shards.transact(body)
  }

  memoize<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    options: MemoizeOptions<A>,
  ): Memoized<A, R> {
    this.#enter()
    return this.#memoizer.memoize(fn, options)
  }

  evict(tag: Tag): number {
    return this.#remove((shard) => shard.evict(tag))
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

  /** `dropped` counts the operations that this object gave up. */
  stats(options?: { enable?: boolean | undefined; reset?: boolean | undefined }): Stats {
    const stats = this.#each((shard) => shard.stats(options))
    return totalStats(stats, this.#drops.count(options?.reset))
  }

  volume(): number {
    this.#enter()
    return this.#sum((shard) => shard.volume())
  }

  /** Closes the shards, and the caches that `cache` opened. */
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

  /** The shard of a key. */
  #shard(key: K): Cache<K, V> {
    this.#enter()
    return this.#shards.at(this.#shards.indexOf(key))
  }

  /** Runs an operation on the shard of its key; gives `dropped` when that stays locked. */
  #attempt<T>(key: K, dropped: T, operation: (shard: Cache<K, V>) => T): T {
    this.#enter()
    const index = this.#shards.indexOf(key)
    try {
      return operation(this.#shards.at(index))
    } catch (error) {
      this.#drops.note(error, key)
      return dropped
    }
  }

  /** Runs an operation on every shard. */
  #each<T>(operation: (shard: Cache<K, V>) => T): T[] {
    this.#enter()
    return this.#shards.all().map(operation)
  }

  #sum(operation: (shard: Cache<K, V>) => number): number {
    return total(this.#each(operation))
  }

  /** Runs a removal on every shard; one that stays locked counts for what had been removed before. */
  #remove(removal: (shard: Cache<K, V>) => number): number {
    this.#enter()
    const counts = this.#shards.indices().map((index) => {
      try {
        return removal(this.#shards.at(index))
      } catch (error) {
        this.#drops.note(error)
        return (error as DiskCacheError).count ?? 0
      }
    })
    return total(counts)
  }

  /** Runs an operation on each shard that has some of the items; gives `dropped` for those of one that stays locked. */
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
        this.#drops.note(error)
        return { places, results: items.map(() => dropped) }
      }
    })
    return inOrder(parts)
  }
}
