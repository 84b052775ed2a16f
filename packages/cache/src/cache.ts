import type { Readable } from 'node:stream'
import {
  type ByteSource,
  type Capabilities,
  type Change,
  type CounterOptions,
  checkBoolean,
  checkDirectory,
  checkFunction,
  checkNumber,
  checkOptions,
  checkString,
  type Entry,
  type IterateOptions,
  type Key,
  type KeyedEntry,
  type Memoized,
  type MemoizeOptions,
  type Problem,
  type QueueOptions,
  type Stats,
  type Store,
  type Tag,
  touchTtl,
  type WriteOptions,
} from '@diskcache/core'
import { checkSettings, type PartialSettings, type Settings } from '@diskcache/core/sqlite'
import type { CacheContext } from './context/cache-context.ts'
import { type CacheOptions, resolveCacheOptions } from './context/cache-options.ts'
import type { EntryWriter } from './entries/entry-writer.ts'
import { toEntry } from './entries/value-reader.ts'
import { entryOf, tagColumn } from './entries/write-options.ts'
import { CacheParts } from './operations/cache-parts.ts'
import type { Items } from './operations/items.ts'
import { Memoizer } from './operations/memoize.ts'
import { AsyncCache } from './promises/async-cache.ts'
import { runBatches } from './upkeep/eviction.ts'

const CAPABILITIES = Object.freeze<Capabilities>({
  snapshot: true,
  atomicTransact: true,
  orders: ['insertion', 'sorted'],
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
export class Cache<K extends Key = Key, V = unknown> implements Store<K, V> {
  readonly #parts: CacheParts
  readonly #cache: CacheContext
  readonly #writer: EntryWriter
  readonly #memoizer: Memoizer
  readonly #asyncTimeout: number
  #promises: AsyncCache<K, V> | undefined

  /**
   * Opens the cache in `directory`, which is made when it is not there; without one, in a new temporary directory.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FORMAT when the directory holds something else, or another codec's values
   */
  constructor(directory?: string | undefined, options: CacheOptions = {}) {
    if (directory !== undefined) checkDirectory(directory)
    const resolved = resolveCacheOptions(options)
    this.#parts = new CacheParts(directory, resolved)
    this.#cache = this.#parts.context
    this.#writer = this.#parts.writer
    this.#memoizer = new Memoizer(this)
    this.#asyncTimeout = resolved.asyncTimeout
  }

  /** The real path of the directory. */
  get directory(): string {
    return this.#cache.directory.path
  }

  get size(): number {
    this.#cache.assertUsable()
    return this.#cache.directory.counter('count')
  }

  get capabilities(): Capabilities {
    return CAPABILITIES
  }

  /** The same operations as promises, which never block the event loop while another process writes. */
  get promises(): AsyncCache<K, V> {
    this.#promises ??= new AsyncCache<K, V>(this, this.#parts, this.#asyncTimeout)
    return this.#promises
  }

  get isOpen(): boolean {
    return this.#cache.directory.connection.isOpen
  }

  /** As they stand in the directory now. */
  get settings(): Readonly<Settings> {
    this.#cache.assertUsable()
    return this.#cache.directory.readSettings()
  }

  /** Changes settings in the directory. Other processes follow within a second; those under `sqlite`, when they open it next. */
  configure(settings: PartialSettings): void {
    this.#cache.assertUsable()
    checkSettings(settings)
    this.#cache.directory.configure(settings)
  }

  get(key: K): V | undefined {
    this.#cache.assertUsable()
    return this.#parts.items.read(this.#parts.items.encodeKey(key))?.value as V | undefined
  }

  getEntry(key: K): Entry<V> | undefined {
    this.#cache.assertUsable()
    return toEntry<V>(this.#parts.items.read(this.#parts.items.encodeKey(key)))
  }

  getMany(keys: Iterable<K>): (V | undefined)[] {
    this.#cache.assertUsable()
    return this.#parts.bulk
      .read(this.#parts.bulk.encodeKeys(keys))
      .map((loaded) => loaded?.value as V | undefined)
  }

  getEntries(keys: Iterable<K>): (Entry<V> | undefined)[] {
    this.#cache.assertUsable()
    return this.#parts.bulk.read(this.#parts.bulk.encodeKeys(keys)).map((loaded) => toEntry<V>(loaded))
  }

  has(key: K): boolean {
    this.#cache.assertUsable()
    return this.#parts.items.has(this.#parts.items.encodeKey(key))
  }

  hasMany(keys: Iterable<K>): boolean[] {
    this.#cache.assertUsable()
    return this.#parts.bulk.has(this.#parts.bulk.encodeKeys(keys))
  }

  /** With `ttl: 0` it removes the key and gives `true`. */
  set(key: K, value: V, options?: WriteOptions): boolean {
    this.#cache.assertUsable()
    return this.#writer.execute(this.#parts.items.set(key, value, options))
  }

  setMany(entries: Iterable<readonly [K, V, WriteOptions?]>, options?: WriteOptions): boolean[] {
    this.#cache.assertUsable()
    return this.#writer.execute(this.#parts.bulk.set(entries, options))
  }

  /** With `ttl: 0` it writes nothing and gives `false`. */
  add(key: K, value: V, options?: WriteOptions): boolean {
    this.#cache.assertUsable()
    return this.#writer.execute(this.#parts.items.add(key, value, options))
  }

  update(key: K, change: (entry: Entry<V> | undefined, now: number) => Change<V>): Entry<V> | undefined {
    this.#cache.assertUsable()
    checkFunction('change', change)
    const command = this.#parts.items.update(key, change as Parameters<Items['update']>[1])
    return this.#writer.execute(command) as Entry<V> | undefined
  }

  incr(key: K, delta = 1, options: CounterOptions = {}): number {
    this.#cache.assertUsable()
    return this.#writer.execute(this.#parts.counter.add(key, delta, options))
  }

  decr(key: K, delta = 1, options: CounterOptions = {}): number {
    this.#cache.assertUsable()
    return this.#writer.execute(this.#parts.counter.add(key, -delta, options))
  }

  touch(key: K, options: { ttl: number }): boolean {
    this.#cache.assertUsable()
    checkOptions('the options of touch', options, ['ttl'])
    return this.#writer.execute(this.#parts.items.touch(key, touchTtl(options)))
  }

  delete(key: K): boolean {
    this.#cache.assertUsable()
    return this.#writer.execute(this.#parts.items.delete(key))
  }

  deleteMany(keys: Iterable<K>): boolean[] {
    this.#cache.assertUsable()
    return this.#writer.execute(this.#parts.bulk.delete(keys))
  }

  pop(key: K): V | undefined {
    this.#cache.assertUsable()
    return this.#writer.execute(this.#parts.items.pop(key))?.value as V | undefined
  }

  popEntry(key: K): Entry<V> | undefined {
    this.#cache.assertUsable()
    return toEntry<V>(this.#writer.execute(this.#parts.items.pop(key)))
  }

  /**
   * Gives an entry another key, with its value, expiry, tag and place in the order of insertion; whether there was such
   * an entry. One that has the other key is removed. O(log n), whatever the size of the value.
   */
  rename(from: K, to: K): boolean {
    this.#cache.assertUsable()
    return this.#writer.execute(this.#parts.items.rename(from, to))
  }

  /** Destroy the stream when you do not read it to its end: it holds a file descriptor. */
  read(key: K): Readable | undefined {
    this.#cache.assertUsable()
    return this.#parts.streams.read(key)
  }

  /** The entry appears when the source has ended; when it fails, nothing changes. */
  async write(key: K, source: ByteSource, options?: WriteOptions): Promise<boolean> {
    this.#cache.assertUsable()
    return this.#parts.streams.write(key, source, options, (command, prepared) =>
      this.#writer.commit(command, [prepared]),
    )
  }

  /** Adds an item to a queue and gives its key. Without a prefix, keys are integers around 5 × 10¹⁴. */
  push(value: V, options: QueueOptions & WriteOptions = {}): number | string {
    this.#cache.assertUsable()
    return this.#writer.execute(this.#parts.queue.push(value, options))
  }

  /** Takes the item at the front of a queue, or at its back. */
  pull(options: QueueOptions = {}): KeyedEntry<number | string, V> | undefined {
    this.#cache.assertUsable()
    return this.#writer.execute(this.#parts.queue.pull(options)) as KeyedEntry<number | string, V> | undefined
  }

  /** Gives the item that `pull` would take. */
  peek(options: QueueOptions = {}): KeyedEntry<number | string, V> | undefined {
    this.#cache.assertUsable()
    return this.#writer.execute(this.#parts.queue.peek(options)) as KeyedEntry<number | string, V> | undefined
  }

  /** The entry that was inserted last, or first. */
  peekItem(options: { last?: boolean | undefined } = {}): KeyedEntry<K, V> | undefined {
    this.#cache.assertUsable()
    checkOptions('the options of peekItem', options, ['last'])
    const { last = true } = options
    return this.#parts.iteration.edge(checkBoolean('last', last)) as KeyedEntry<K, V> | undefined
  }

  keys(options: IterateOptions = {}): IteratorObject<K> {
    this.#cache.assertUsable()
    return this.#parts.iteration.keys(options) as IteratorObject<K>
  }

  /**
   * The key at a position in sorted order, expired ones included; a negative one counts from the end. O(n) in the
   * distance to the nearer end, about 20 ns a step.
   */
  keyAt(position: number): K | undefined {
    this.#cache.assertUsable()
    checkNumber('position', position, { integer: true })
    return this.#parts.iteration.keyAt(position) as K | undefined
  }

  /** The entry at a position in sorted order; see {@link keyAt}. */
  entryAt(position: number): KeyedEntry<K, V> | undefined {
    this.#cache.assertUsable()
    checkNumber('position', position, { integer: true })
    return this.#parts.iteration.entryAt(position) as KeyedEntry<K, V> | undefined
  }

  values(options: IterateOptions = {}): IteratorObject<V> {
    this.#cache.assertUsable()
    return this.#parts.iteration.entries(options).map(([, value]) => value as V)
  }

  entries(options: IterateOptions = {}): IteratorObject<[K, V]> {
    this.#cache.assertUsable()
    return this.#parts.iteration.entries(options) as IteratorObject<[K, V]>
  }

  [Symbol.iterator](): IteratorObject<[K, V]> {
    return this.entries()
  }

  transact<T>(body: () => T): T {
    this.#cache.assertUsable()
    checkFunction('body', body)
    return this.#cache.directory.connection.transact(body)
  }

  /** Runs `body` so that what it does here throws `ERR_DISKCACHE_TIMEOUT` at once where it would have to wait. */
  withoutWaiting<T>(body: () => T): T {
    this.#cache.assertUsable()
    checkFunction('body', body)
    return this.#cache.directory.connection.withoutWaiting(body)
  }

  memoize<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    options: MemoizeOptions<A>,
  ): Memoized<A, R> {
    this.#cache.assertUsable()
    return this.#memoizer.memoize(fn, options)
  }

  evict(tag: Tag): number {
    this.#cache.assertUsable()
    return runBatches(this.#parts.eviction.evict(tagColumn(tag)))
  }

  expire(): number {
    this.#cache.assertUsable()
    return runBatches(this.#parts.eviction.expire(this.#cache.now()))
  }

  cull(): number {
    this.#cache.assertUsable()
    return runBatches(this.#parts.eviction.cull(this.#cache.now()))
  }

  clear(options: { prefix?: string | undefined } = {}): number {
    this.#cache.assertUsable()
    checkOptions('the options of clear', options, ['prefix'])
    if (options.prefix !== undefined) checkString('prefix', options.prefix)
    return runBatches(this.#parts.eviction.clear(options.prefix))
  }

  /** A file without a row counts as a problem once it is older than 15 minutes: before, its write may be under way. */
  check(options: { fix?: boolean | undefined } = {}): Problem[] {
    this.#cache.assertUsable()
    checkOptions('the options of check', options, ['fix'])
    const { fix = false } = options
    return this.#parts.check.run(checkBoolean('fix', fix))
  }

  /** Hits and misses are counted while `statistics` is on. Other processes' figures lag by at most a second. */
  stats(options: { enable?: boolean | undefined; reset?: boolean | undefined } = {}): Stats {
    this.#cache.assertUsable()
    checkOptions('the options of stats', options, ['enable', 'reset'])
    const { enable, reset = false } = options
    const { directory, accessBuffer } = this.#cache
    const hits = directory.counter('hits') + accessBuffer.hits
    const misses = directory.counter('misses') + accessBuffer.misses
    if (enable !== undefined) directory.configure({ statistics: checkBoolean('enable', enable) })
    if (checkBoolean('reset', reset)) {
      accessBuffer.reset()
      directory.connection.transact(() => directory.resetStatistics())
    }
    return { hits, misses, dropped: 0 }
  }

  volume(): number {
    this.#cache.assertUsable()
    return this.#cache.directory.volume()
  }

  /** Promises of writes that are not committed yet reject; `promises.close()` waits for them. */
  close(): void {
    const { connection } = this.#cache.directory
    if (!connection.isOpen) return
    this.#cache.assertUsable()
    if (!connection.inTransaction) this.#cache.accessBuffer.flush()
    connection.close()
    this.#cache.accessBuffer.stop()
    this.#promises?.abandon()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
