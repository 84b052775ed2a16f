import type { Readable } from 'node:stream'
import {
  type ByteSource,
  byteRangeOf,
  type Capabilities,
  type Change,
  type CounterKey,
  type CounterOptions,
  checkBoolean,
  checkFunction,
  checkNumber,
  checkOptions,
  checkTagChoice,
  checkTakesNamespaces,
  type DirectoryPath,
  directoryPath,
  type Entry,
  type GetOptions,
  type IterateOptions,
  type Key,
  type KeyedEntry,
  type Memoized,
  type MemoizeOptions,
  type NamespaceOptions,
  NamespaceScope,
  type Problem,
  type QueueOptions,
  type ReadOptions,
  type RecipeHint,
  refuseGetOrSet,
  refusePromise,
  type Stats,
  type Store,
  type StreamedEntry,
  type StreamWriteOptions,
  type Synchronous,
  type TagChoice,
  type Ttl,
  touchTtl,
  type WriteOptions,
} from '@diskcache/core'
import { checkSettings, type PartialSettings, type Settings } from '@diskcache/core/sqlite'
import { CacheNamespace } from './cache-namespace.ts'
import type { CacheContext } from './context/cache-context.ts'
import { type CacheOptions, resolveCacheOptions } from './context/cache-options.ts'
import type { EntryWriter } from './entries/entry-writer.ts'
import type { LoadedEntry } from './entries/value-reader.ts'
import { CacheParts } from './operations/cache-parts.ts'
import type { Items } from './operations/items.ts'
import { Memoizer } from './operations/memoize.ts'
import { keyPrefix } from './operations/pager.ts'
import { AsyncCache } from './promises/async-cache.ts'
import { type Batch, runBatches } from './upkeep/eviction.ts'
import { RemovalPace } from './upkeep/removal-pace.ts'

const CAPABILITIES = Object.freeze<Capabilities>({
  snapshot: true,
  atomicTransact: true,
  orders: ['insertion', 'sorted'],
  onBusy: 'throw',
})

/**
 * A cache in a directory, shared by every process that opens it: a SQLite database, and a file for each large value.
 *
 * @example
 * ```ts
 * import { Cache } from '@diskcache/cache'
 *
 * using cache = new Cache('cache-directory', { sizeLimit: 500 * 1024 ** 2 })
 * cache.set('user:1', { name: 'Ada' }, { ttl: 60_000 })
 * cache.get('user:1') // → { name: 'Ada' }
 * ```
 */
export class Cache<K extends Key = Key, V = unknown> implements Store<K, V> {
  readonly #parts: CacheParts
  readonly #context: CacheContext
  readonly #writer: EntryWriter
  readonly #memoizer: Memoizer
  readonly #asyncTimeout: number
  #promises: AsyncCache<K, V> | undefined

  /**
   * Opens the cache in `directory`, which is made when it is not there, or in a new temporary directory, which `close()`
   * or the end of the process removes unless somebody else has it open. Settings
   * among the options are stored for every process; those that are left out stay as they are stored. A directory that
   * is current is only read.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FORMAT when the directory holds something else, another codec's values or a
   * newer format; ERR_DISKCACHE_TIMEOUT when other processes kept it locked for longer than `openTimeout`;
   * ERR_DISKCACHE_ENGINE when SQLite cannot be loaded; ERR_DISKCACHE_CORRUPT when the database is damaged and not
   * mended;
   * ERR_DISKCACHE_READONLY when this user may only read it and `readonly` is not given; ERR_DISKCACHE_IO when a file
   * cannot be made, opened or read, or the path is longer than SQLite takes; ERR_DISKCACHE_FULL
   */
  constructor(directory?: DirectoryPath | undefined, options: CacheOptions = {}) {
    const path = directory === undefined ? undefined : directoryPath(directory)
    const resolved = resolveCacheOptions(options)
    this.#parts = new CacheParts(path, resolved)
    this.#context = this.#parts.context
    this.#writer = this.#parts.writer
    this.#memoizer = new Memoizer(this)
    this.#asyncTimeout = resolved.asyncTimeout
  }

  get directory(): string {
    return this.#context.directory.path
  }

  get size(): number {
    this.#context.assertUsable()
    return this.#context.directory.counter('count')
  }

  count(options?: { prefix?: string | undefined }): number {
    this.#context.assertUsable()
    const prefix = keyPrefix('count', options, this.#context.directory.disk)
    return prefix === undefined ? this.size : runBatches(this.#parts.iteration.counts(prefix))
  }

  get capabilities(): Capabilities {
    return CAPABILITIES
  }

  get promises(): AsyncCache<K, V> {
    this.#promises ??= new AsyncCache<K, V>(this, this.#parts, this.#asyncTimeout)
    return this.#promises
  }

  namespace<NK extends Key = Key, NV = unknown>(
    name: string,
    options?: NamespaceOptions,
  ): CacheNamespace<NK, NV> {
    this.#context.assertUsable()
    checkTakesNamespaces(this.#context.directory.disk)
    return new CacheNamespace<NK, NV>(this as unknown as Cache<string, NV>, NamespaceScope.of(name, options))
  }

  /** Whether the cache can be used: `true` until `close()`. */
  get isOpen(): boolean {
    return this.#context.directory.connection.isOpen
  }

  /**
   * The settings as they stand in the directory now, with what other processes have changed.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   */
  get settings(): Readonly<Settings> {
    this.#context.assertUsable()
    return this.#context.directory.readSettings()
  }

  /**
   * Changes settings in the directory, for every process; those that are left out stay. Other processes follow within
   * a second, and take what is under `sqlite` when they open the cache next.
   *
   * @throws TypeError, RangeError for an unknown or illegal setting
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.configure({ evictionPolicy: 'least-recently-used' })
   * cache.settings.evictionPolicy // → 'least-recently-used'
   * ```
   */
  configure(settings: PartialSettings): void {
    this.#context.assertUsable()
    const { directory } = this.#context
    checkSettings(settings, directory.disk)
    directory.configure(settings)
  }

  get(key: K, options?: GetOptions): V | undefined {
    return this.#parts.items.get(key, options)?.value as V | undefined
  }

  getEntry(key: K, options?: GetOptions): Entry<V> | undefined {
    return this.#entryOf(this.#parts.items.get(key, options))
  }

  getMany(keys: Iterable<K>): (V | undefined)[] {
    this.#context.assertUsable()
    return this.#parts.bulk
      .read(this.#parts.bulk.encodeKeys(keys))
      .map((loaded) => loaded?.value as V | undefined)
  }

  getEntries(keys: Iterable<K>): (Entry<V> | undefined)[] {
    this.#context.assertUsable()
    return this.#parts.bulk.read(this.#parts.bulk.encodeKeys(keys)).map((loaded) => this.#entryOf(loaded))
  }

  has(key: K): boolean {
    this.#context.assertUsable()
    return this.#parts.items.has(this.#parts.items.encodeKey(key))
  }

  hasMany(keys: Iterable<K>): boolean[] {
    this.#context.assertUsable()
    return this.#parts.bulk.has(this.#parts.bulk.encodeKeys(keys))
  }

  set(key: K, value: V, options?: WriteOptions): boolean {
    this.#context.assertUsable()
    return this.#writer.execute(this.#parts.items.set(key, value, options))
  }

  setMany(entries: Iterable<readonly [K, V, WriteOptions?]>, options?: WriteOptions): boolean[] {
    this.#context.assertUsable()
    return this.#writer.execute(this.#parts.bulk.set(entries, options))
  }

  add(key: K, value: V, options?: WriteOptions): boolean {
    this.#context.assertUsable()
    return this.#writer.execute(this.#parts.items.add(key, value, options))
  }

  update(key: K, change: (entry: Entry<V> | undefined, now: number) => Change<V>): Entry<V> | undefined {
    this.#context.assertUsable()
    checkFunction('change', change)
    const command = this.#parts.items.update(key, change as Parameters<Items['update']>[1])
    return this.#writer.execute(command) as Entry<V> | undefined
  }

  incr(key: CounterKey<K, V>, delta = 1, options: CounterOptions = {}): number {
    this.#context.assertUsable()
    return this.#writer.execute(this.#parts.counter.add(key, delta, options))
  }

  decr(key: CounterKey<K, V>, delta = 1, options: CounterOptions = {}): number {
    this.#context.assertUsable()
    return this.#writer.execute(this.#parts.counter.add(key, -delta, options))
  }

  touch(key: K, options: { ttl: Ttl }): boolean {
    this.#context.assertUsable()
    checkOptions('the options of touch', options, ['ttl'])
    return this.#writer.execute(this.#parts.items.touch(key, touchTtl(options)))
  }

  delete(key: K): boolean {
    this.#context.assertUsable()
    return this.#writer.execute(this.#parts.items.delete(key))
  }

  deleteMany(keys: Iterable<K>): boolean[] {
    this.#context.assertUsable()
    return this.#writer.execute(this.#parts.bulk.delete(keys))
  }

  pop(key: K): V | undefined {
    this.#context.assertUsable()
    return this.#writer.execute(this.#parts.items.pop(key))?.value as V | undefined
  }

  popEntry(key: K): Entry<V> | undefined {
    this.#context.assertUsable()
    return this.#entryOf(this.#writer.execute(this.#parts.items.pop(key)))
  }

  /**
   * Gives a live entry another key, with its value, expiry, tag and place in the order of insertion, and returns
   * whether there was one. An entry that has the other key is removed. Other processes see both at once, when the
   * method returns. O(log n), whatever the size of the value.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.set('draft', 'text')
   * cache.rename('draft', 'page') // → true
   * cache.get('page') // → 'text'
   * ```
   */
  rename(from: K, to: K): boolean {
    this.#context.assertUsable()
    return this.#writer.execute(this.#parts.items.rename(from, to))
  }

  read(key: K, options?: ReadOptions): Readable | undefined {
    this.#context.assertUsable()
    return this.#parts.streams.read(key, byteRangeOf(options))
  }

  readEntry(key: K, options?: ReadOptions): StreamedEntry | undefined {
    this.#context.assertUsable()
    return this.#parts.streams.readEntry(key, byteRangeOf(options))
  }

  async write(key: K, source: ByteSource, options?: StreamWriteOptions): Promise<boolean> {
    this.#context.assertUsable()
    return this.#parts.streams.write(key, source, options, (command, prepared) =>
      this.#writer.commitStream(command, prepared),
    )
  }

  /**
   * Adds an item to a queue, at the back unless `side` says otherwise, and returns its key. Without a prefix, keys
   * are integers around 5 × 10¹⁴; with one, strings. Other processes can pull the item when the method returns. `ttl`
   * is in milliseconds.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, and when the keys of the queue are used up
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `timeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.push({ job: 1 }, { prefix: 'jobs' }) // → 'jobs-500000000000000'
   * cache.push({ job: 0 }, { prefix: 'jobs', side: 'front' }) // → 'jobs-499999999999999'
   * cache.pull({ prefix: 'jobs' })?.value // → { job: 0 }
   * ```
   */
  push(value: V, options: QueueOptions & WriteOptions = {}): number | string {
    this.#context.assertUsable()
    return this.#writer.execute(this.#parts.queue.push(value, options))
  }

  /**
   * Removes the item at the front of a queue, or at its back, and returns it with its key, or `undefined` when there
   * is none. Of several processes exactly one gets an item. Expired items are removed and passed over. O(log n).
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.push('first')
   * cache.pull()?.value // → 'first'
   * cache.pull() // → undefined
   * ```
   */
  pull(options: QueueOptions = {}): KeyedEntry<number | string, V> | undefined {
    this.#context.assertUsable()
    return this.#writer.execute(this.#parts.queue.pull(options)) as KeyedEntry<number | string, V> | undefined
  }

  /**
   * Returns the item that `pull` would remove, and leaves it there, for every process; `undefined` when there is
   * none. Expired items before it are removed.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_TIMEOUT when
   * other processes kept the lock for longer than `timeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.push('first', { prefix: 'jobs' })
   * cache.peek({ prefix: 'jobs' })?.value // → 'first'
   * cache.peek({ prefix: 'other' }) // → undefined
   * ```
   */
  peek(options: QueueOptions = {}): KeyedEntry<number | string, V> | undefined {
    this.#context.assertUsable()
    return this.#writer.execute(this.#parts.queue.peek(options)) as KeyedEntry<number | string, V> | undefined
  }

  /**
   * Returns the live entry that was inserted last, by whichever process, or with `last: false` first, or `undefined`
   * when there is none.
   *
   * @throws TypeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  peekItem(options: { last?: boolean | undefined } = {}): KeyedEntry<K, V> | undefined {
    this.#context.assertUsable()
    checkOptions('the options of peekItem', options, ['last'])
    const { last = true } = options
    return this.#parts.iteration.edge(checkBoolean('last', last)) as KeyedEntry<K, V> | undefined
  }

  keys(options: IterateOptions = {}): IteratorObject<K> {
    this.#context.assertUsable()
    return this.#parts.iteration.keys(options) as IteratorObject<K>
  }

  /**
   * Returns the key at a position in sorted order, from 0, a negative one counted from the end, or `undefined` when
   * there is none. Expired entries are counted. O(n) in the distance to the nearer end, about 20 ns a step.
   *
   * @throws TypeError, RangeError for what is no integer
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   */
  keyAt(position: number): K | undefined {
    this.#context.assertUsable()
    checkNumber('position', position, { integer: true })
    return this.#parts.iteration.keyAt(position) as K | undefined
  }

  /**
   * Returns the entry at a position in sorted order, or `undefined` when there is none or it has expired; in all else
   * like {@link keyAt}.
   *
   * @throws TypeError, RangeError for what is no integer
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  entryAt(position: number): KeyedEntry<K, V> | undefined {
    this.#context.assertUsable()
    checkNumber('position', position, { integer: true })
    return this.#parts.iteration.entryAt(position) as KeyedEntry<K, V> | undefined
  }

  values(options: IterateOptions = {}): IteratorObject<V> {
    this.#context.assertUsable()
    return this.#parts.iteration.entries(options).map(([, value]) => value as V)
  }

  entries(options: IterateOptions = {}): IteratorObject<[K, V]> {
    this.#context.assertUsable()
    return this.#parts.iteration.entries(options) as IteratorObject<[K, V]>
  }

  [Symbol.iterator](): IteratorObject<[K, V]> {
    return this.entries()
  }

  transact<T>(body: () => Synchronous<T>): T {
    this.#context.assertUsable()
    checkFunction('body', body)
    return this.#context.directory.connection.transact(body)
  }

  /**
   * Runs `body` and returns what it returns, so that an operation of this cache in it throws `ERR_DISKCACHE_TIMEOUT`
   * at once where it would have to wait for another process.
   *
   * @throws TypeError for what is no function, and when the body returns a promise, at whose first `await` this would
   * end
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * using cache = new Cache('cache-directory')
   * cache.withoutWaiting(() => cache.set('key', 'value')) // → true
   * ```
   */
  withoutWaiting<T>(body: () => Synchronous<T>): T {
    this.#context.assertUsable()
    checkFunction('body', body)
    const { connection } = this.#context.directory
    return refusePromise('do this without waiting', connection.withoutWaiting<T>(body))
  }

  memoize<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    options: MemoizeOptions<A, R>,
  ): Memoized<A, R> {
    this.#context.assertUsable()
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
    this.#context.assertUsable()
    const tags = checkTagChoice(tag)
    const prefix = keyPrefix('evict', options, this.#context.directory.disk)
    return this.#remove(this.#parts.eviction.evict(tags, prefix))
  }

  expire(): number {
    this.#context.assertUsable()
    return this.#remove(this.#parts.eviction.expire(this.#context.now()))
  }

  cull(): number {
    this.#context.assertUsable()
    return this.#remove(this.#parts.eviction.cull(this.#context.now()))
  }

  clear(options?: { prefix?: string | undefined }): number {
    this.#context.assertUsable()
    const prefix = keyPrefix('clear', options, this.#context.directory.disk)
    return this.#remove(this.#parts.eviction.clear(prefix))
  }

  check(options: { fix?: boolean | undefined } = {}): Problem[] {
    this.#context.assertUsable()
    checkOptions('the options of check', options, ['fix'])
    const { fix = false } = options
    return this.#parts.check.run(checkBoolean('fix', fix))
  }

  stats(options: { enable?: boolean | undefined; reset?: boolean | undefined } = {}): Stats {
    this.#context.assertUsable()
    checkOptions('the options of stats', options, ['enable', 'reset'])
    const { enable, reset = false } = options
    const { directory, accessBuffer } = this.#context
    const memory = this.#context.memory?.tier
    const inMemory = memory?.stats()
    const { statistics } = this.#parts.eviction
    const evictions = statistics.read()
    const hits = directory.counter('hits') + accessBuffer.hits
    const misses = directory.counter('misses') + accessBuffer.misses
    if (enable !== undefined) directory.configure({ statistics: checkBoolean('enable', enable) })
    if (checkBoolean('reset', reset)) {
      accessBuffer.reset()
      memory?.resetStats()
      const resetAll = () => {
        directory.resetStatistics()
        statistics.reset()
      }
      directory.connection.mending(() => directory.connection.transact(resetAll))
    }
    return {
      ...{ hits, misses, dropped: 0 },
      ...(evictions === undefined ? {} : { evictions }),
      ...(inMemory === undefined ? {} : { memory: inMemory }),
    }
  }

  volume(): number {
    this.#context.assertUsable()
    return this.#context.directory.volume()
  }

  close(): void {
    const { directory, accessBuffer } = this.#context
    const { connection } = directory
    if (!connection.isOpen) return
    this.#context.assertUsable()
    if (!connection.inTransaction) {
      accessBuffer.flush()
      this.#parts.eviction.flush()
    }
    directory.close()
    this.#context.accessBuffer.stop()
    this.#promises?.abandon()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #entryOf(loaded: LoadedEntry | undefined): Entry<V> | undefined {
    return loaded && this.#parts.reader.entryOf<V>(loaded)
  }

  /** Runs a removal, which leaves the lock to other processes now and then. */
  #remove(batch: Batch): number {
    const { connection } = this.#context.directory
    return connection.inTransaction ? runBatches(batch) : runBatches(new RemovalPace().keep(batch))
  }
}
