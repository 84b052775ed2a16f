import type { Readable } from 'node:stream'
import {
  type ByteSource,
  CacheDirectory,
  type Capabilities,
  type Change,
  type CounterOptions,
  checkBoolean,
  checkFunction,
  checkOptions,
  checkSettings,
  checkString,
  type Entry,
  type IterateOptions,
  type Key,
  type KeyedEntry,
  type Memoized,
  type MemoizeOptions,
  type PartialSettings,
  type Problem,
  type QueueOptions,
  quote,
  type Settings,
  type Stats,
  type Store,
  type Tag,
  type WriteOptions,
} from '@diskcache/core'
import { Bulk } from './bulk.ts'
import { type CacheOptions, resolveCacheOptions } from './cache-options.ts'
import { ConsistencyCheck } from './consistency-check.ts'
import { Counter } from './counter.ts'
import { EntryWriter } from './entry-writer.ts'
import { Eviction } from './eviction.ts'
import { Items } from './items.ts'
import { Iteration } from './iteration.ts'
import { Memoizer } from './memoize.ts'
import { OpenCache } from './open-cache.ts'
import { Queue } from './queue.ts'
import { Streams } from './streams.ts'
import { type LoadedEntry, ValueReader } from './value-reader.ts'
import { entryOf, tagColumn } from './write-options.ts'

const CAPABILITIES: Capabilities = Object.freeze({
  snapshot: true,
  atomicTransact: true,
  insertionOrder: true,
  onBusy: 'throw',
})

/**
 * A cache in a directory, shared by every process that opens it.
 *
 * @example
 * using cache = new Cache('/var/cache/app')
 * cache.set('user:1', { name: 'Ada' }, { ttl: 60_000 })
 * cache.get('user:1') // → { name: 'Ada' }
 */
export class Cache<K extends Key = Key, V = unknown> implements Omit<Store<K, V>, 'promises'> {
  readonly #cache: OpenCache
  readonly #writer: EntryWriter
  readonly #items: Items
  readonly #bulk: Bulk
  readonly #counter: Counter
  readonly #queue: Queue
  readonly #iteration: Iteration
  readonly #streams: Streams
  readonly #eviction: Eviction
  readonly #check: ConsistencyCheck
  readonly #memoizer: Memoizer

  /**
   * Opens the cache in `directory`, which is made when it is not there; without one, in a new temporary directory.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FORMAT when the directory holds something else, or another codec's values
   */
  constructor(directory?: string | undefined, options: CacheOptions = {}) {
    if (directory !== undefined) checkString('directory', directory)
    const { clock, ...open } = resolveCacheOptions(options)
    this.#cache = new OpenCache(new CacheDirectory(directory, open), clock)
    const reader = new ValueReader(this.#cache.directory)
    this.#eviction = new Eviction(this.#cache, clock)
    this.#writer = new EntryWriter(this.#cache, this.#eviction)
    this.#items = new Items(this.#cache, reader, this.#writer)
    this.#bulk = new Bulk(this.#cache, reader, this.#writer, this.#items)
    this.#counter = new Counter(this.#cache, reader, this.#writer)
    this.#queue = new Queue(this.#cache, reader, this.#writer)
    this.#iteration = new Iteration(this.#cache, reader)
    this.#streams = new Streams(this.#cache, reader, this.#writer)
    this.#check = new ConsistencyCheck(this.#cache.directory, this.#eviction.sweep)
    this.#memoizer = new Memoizer(this)
  }

  /** The real path of the directory. */
  get directory(): string {
    return this.#cache.directory.path
  }

  get size(): number {
    this.#cache.enter()
    return this.#cache.directory.counter('count')
  }

  get capabilities(): Capabilities {
    return CAPABILITIES
  }

  /** As they stand in the directory now. */
  get settings(): Readonly<Settings> {
    this.#cache.enter()
    return this.#cache.directory.readSettings()
  }

  /** Changes settings in the directory. Other processes follow within a second; those under `sqlite`, when they open it next. */
  configure(settings: PartialSettings): void {
    this.#cache.enter()
    checkSettings(settings)
    this.#cache.directory.configure(settings)
  }

  get(key: K): V | undefined {
    this.#cache.enter()
    return this.#items.read(this.#items.columns(key))?.value as V | undefined
  }

  getEntry(key: K): Entry<V> | undefined {
    this.#cache.enter()
    return toEntry<V>(this.#items.read(this.#items.columns(key)))
  }

  getMany(keys: Iterable<K>): (V | undefined)[] {
    this.#cache.enter()
    return this.#bulk.read(this.#bulk.columns(keys)).map((loaded) => loaded?.value as V | undefined)
  }

  getEntries(keys: Iterable<K>): (Entry<V> | undefined)[] {
    this.#cache.enter()
    return this.#bulk.read(this.#bulk.columns(keys)).map((loaded) => toEntry<V>(loaded))
  }

  has(key: K): boolean {
    this.#cache.enter()
    return this.#items.has(this.#items.columns(key))
  }

  hasMany(keys: Iterable<K>): boolean[] {
    this.#cache.enter()
    return this.#bulk.has(this.#bulk.columns(keys))
  }

  /** With `ttl: 0` it removes the key and gives `true`. */
  set(key: K, value: V, options?: WriteOptions): boolean {
    this.#cache.enter()
    return this.#writer.run(this.#items.set(key, value, options))
  }

  setMany(entries: Iterable<readonly [K, V, WriteOptions?]>, options?: WriteOptions): boolean[] {
    this.#cache.enter()
    return this.#writer.run(this.#bulk.set(entries, options))
  }

  /** With `ttl: 0` it writes nothing and gives `false`. */
  add(key: K, value: V, options?: WriteOptions): boolean {
    this.#cache.enter()
    return this.#writer.run(this.#items.add(key, value, options))
  }

  update(key: K, change: (entry: Entry<V> | undefined, now: number) => Change<V>): Entry<V> | undefined {
    this.#cache.enter()
    checkFunction('change', change)
    const command = this.#items.update(key, change as Parameters<Items['update']>[1])
    return this.#writer.run(command) as Entry<V> | undefined
  }

  incr(key: K, delta = 1, options: CounterOptions = {}): number {
    this.#cache.enter()
    return this.#writer.run(this.#counter.add(key, delta, options))
  }

  decr(key: K, delta = 1, options: CounterOptions = {}): number {
    this.#cache.enter()
    return this.#writer.run(this.#counter.add(key, -delta, options))
  }

  touch(key: K, options: { ttl: number }): boolean {
    this.#cache.enter()
    checkOptions('the options of touch', options, ['ttl'])
    if (options.ttl === undefined)
      throw new TypeError('Cannot touch: ttl is missing; Infinity removes the expiry')
    return this.#writer.run(this.#items.touch(key, options.ttl))
  }

  delete(key: K): boolean {
    this.#cache.enter()
    return this.#writer.run(this.#items.delete(key))
  }

  deleteMany(keys: Iterable<K>): boolean[] {
    this.#cache.enter()
    return this.#writer.run(this.#bulk.delete(keys))
  }

  pop(key: K): V | undefined {
    this.#cache.enter()
    return this.#writer.run(this.#items.pop(key))?.value as V | undefined
  }

  popEntry(key: K): Entry<V> | undefined {
    this.#cache.enter()
    return toEntry<V>(this.#writer.run(this.#items.pop(key)))
  }

  /** Destroy the stream when you do not read it to its end: it holds a file descriptor. */
  read(key: K): Readable | undefined {
    this.#cache.enter()
    return this.#streams.read(key)
  }

  /** The entry appears when the source has ended; when it fails, nothing changes. */
  async write(key: K, source: ByteSource, options?: WriteOptions): Promise<boolean> {
    this.#cache.enter()
    if (typeof (source as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] !== 'function') {
      throw new TypeError(`Cannot use source: expected a stream or an async iterable, got ${quote(source)}`)
    }
    return this.#streams.write(key, source, options, (command, prepared) => this.#writer.commit(command, [prepared]))
  }

  /** Adds an item to a queue and gives its key. Without a prefix, keys are integers around 5 × 10¹⁴. */
  push(value: V, options: QueueOptions & WriteOptions = {}): number | string {
    this.#cache.enter()
    return this.#writer.run(this.#queue.push(value, options))
  }

  /** Takes the item at the front of a queue, or at its back. */
  pull(options: QueueOptions = {}): KeyedEntry<number | string, V> | undefined {
    this.#cache.enter()
    return this.#writer.run(this.#queue.pull(options)) as KeyedEntry<number | string, V> | undefined
  }

  /** Gives the item that `pull` would take. */
  peek(options: QueueOptions = {}): KeyedEntry<number | string, V> | undefined {
    this.#cache.enter()
    return this.#writer.run(this.#queue.peek(options)) as KeyedEntry<number | string, V> | undefined
  }

  /** The entry that was inserted last, or first. */
  peekItem(options: { last?: boolean | undefined } = {}): KeyedEntry<K, V> | undefined {
    this.#cache.enter()
    checkOptions('the options of peekItem', options, ['last'])
    const { last = true } = options
    return this.#iteration.edge(checkBoolean('last', last)) as KeyedEntry<K, V> | undefined
  }

  keys(options: IterateOptions = {}): IteratorObject<K> {
    this.#cache.enter()
    return this.#iteration.keys(options) as IteratorObject<K>
  }

  values(options: IterateOptions = {}): IteratorObject<V> {
    this.#cache.enter()
    return this.#iteration.entries(options).map(([, value]) => value as V)
  }

  entries(options: IterateOptions = {}): IteratorObject<[K, V]> {
    this.#cache.enter()
    return this.#iteration.entries(options) as IteratorObject<[K, V]>
  }

  [Symbol.iterator](): IteratorObject<[K, V]> {
    return this.entries()
  }

  transact<T>(body: () => T): T {
    this.#cache.enter()
    checkFunction('body', body)
    return this.#cache.directory.connection.transact(body)
  }

  memoize<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    options: MemoizeOptions<A>,
  ): Memoized<A, R> {
    this.#cache.enter()
    return this.#memoizer.memoize(fn, options)
  }

  evict(tag: Tag): number {
    this.#cache.enter()
    return this.#eviction.evict(tagColumn(tag))
  }

  expire(): number {
    this.#cache.enter()
    return this.#eviction.expire(this.#cache.now())
  }

  cull(): number {
    this.#cache.enter()
    return this.#eviction.cull(this.#cache.now())
  }

  clear(options: { prefix?: string | undefined } = {}): number {
    this.#cache.enter()
    checkOptions('the options of clear', options, ['prefix'])
    if (options.prefix !== undefined) checkString('prefix', options.prefix)
    return this.#eviction.clear(options.prefix)
  }

  /** A file without a row counts as a problem once it is older than 15 minutes: before, its write may be under way. */
  check(options: { fix?: boolean | undefined } = {}): Problem[] {
    this.#cache.enter()
    checkOptions('the options of check', options, ['fix'])
    const { fix = false } = options
    return this.#check.run(checkBoolean('fix', fix))
  }

  /** Hits and misses are counted while `statistics` is on. Other processes' figures lag by at most a second. */
  stats(options: { enable?: boolean | undefined; reset?: boolean | undefined } = {}): Stats {
    this.#cache.enter()
    checkOptions('the options of stats', options, ['enable', 'reset'])
    const { enable, reset = false } = options
    const { directory, readLog } = this.#cache
    const hits = directory.counter('hits') + readLog.hits
    const misses = directory.counter('misses') + readLog.misses
    if (enable !== undefined) directory.configure({ statistics: checkBoolean('enable', enable) })
    if (checkBoolean('reset', reset)) {
      readLog.reset()
      directory.connection.transact(() => directory.resetStatistics())
    }
    return { hits, misses, dropped: 0 }
  }

  volume(): number {
    this.#cache.enter()
    return this.#cache.directory.volume()
  }

  close(): void {
    const { connection } = this.#cache.directory
    if (!connection.isOpen) return
    this.#cache.enter()
    if (!connection.inTransaction) this.#cache.readLog.flush()
    connection.close()
    this.#cache.readLog.stop()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

function toEntry<V>(loaded: LoadedEntry | undefined): Entry<V> | undefined {
  return loaded && entryOf(loaded.row, loaded.value as V)
}
