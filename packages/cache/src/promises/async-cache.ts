import type { Readable } from 'node:stream'
import {
  type Abortable,
  type AsyncCapabilities,
  type AsyncStore,
  type ByteSource,
  byteRangeOf,
  type Change,
  type CounterKey,
  type CounterOptions,
  checkBoolean,
  checkFunction,
  checkNumber,
  checkOptions,
  checkTagChoice,
  closedError,
  DEFAULT_TTL,
  type Entry,
  type GetOptions,
  type IterateOptions,
  type Key,
  type KeyedEntry,
  type NamespaceOptions,
  type Problem,
  type QueueOptions,
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
  signalOf,
  splitGetOptions,
  splitSignal,
  type TagChoice,
  type Ttl,
  touchTtl,
  type WriteOptions,
} from '@diskcache/core'
import { checkSettings, type PartialSettings } from '@diskcache/core/sqlite'
import type { Command } from '../entries/command.ts'
import type { PreparedValue } from '../entries/prepared-value.ts'
import type { LoadedEntry } from '../entries/value-reader.ts'
import type { CacheParts } from '../operations/cache-parts.ts'
import { Listing } from '../operations/listing.ts'
import { keyPrefix } from '../operations/pager.ts'
import type { AsyncCacheNamespace } from './async-cache-namespace.ts'
import { AsyncEntries } from './async-entries.ts'
import { AsyncIteration } from './async-iteration.ts'
import { AsyncOperations } from './async-operations.ts'
import { FileWatch } from './file-watch.ts'

const CAPABILITIES = Object.freeze<AsyncCapabilities>({
  snapshot: true,
  atomicTransact: true,
  orders: ['insertion', 'sorted'],
  onBusy: 'throw',
  transact: true,
  streams: true,
  watch: true,
})

/** The synchronous face. */
interface Whole<K extends Key, V> extends Store<K, V> {
  namespace<NK extends Key = Key, NV = unknown>(
    name: string,
    options?: NamespaceOptions,
  ): { readonly promises: AsyncCacheNamespace<NK, NV> } & Store<NK, NV>
}

type QueueEntry<V> = KeyedEntry<number | string, V> | undefined

/**
 * The promise face of a cache. It never blocks the event loop while another process writes, and commits the writes of
 * one turn of the loop together. Operations on one key keep their order; one that concerns many keys waits for all
 * earlier writes. Every method takes a `signal`: an aborted operation has no effect, or has taken full effect.
 *
 * A resolved promise is a commit, which every process sees. What is not committed yet keeps the process alive.
 */
export class AsyncCache<K extends Key = Key, V = unknown> implements AsyncStore<K, V> {
  readonly #store: Whole<K, V>
  readonly #parts: CacheParts
  readonly #operations: AsyncOperations
  readonly #entries: AsyncEntries
  readonly #iteration: AsyncIteration
  readonly #files: FileWatch
  /** Aborts the sources of `write` that have not ended, on `close()`. */
  readonly #closer = new AbortController()
  #closing: Promise<void> | undefined

  constructor(store: Whole<K, V>, parts: CacheParts, timeout: number) {
    this.#store = store
    this.#parts = parts
    this.#operations = new AsyncOperations(parts, timeout)
    this.#entries = new AsyncEntries(parts, this.#operations)
    this.#iteration = new AsyncIteration(parts, this.#operations, this.#entries)
    this.#files = new FileWatch(parts.context.directory.connection)
  }

  get capabilities(): AsyncCapabilities {
    return CAPABILITIES
  }

  get inTransaction(): boolean {
    return this.#parts.context.directory.connection.inTransaction
  }

  /** The time to live of writes that give none, for recipes. */
  get [DEFAULT_TTL](): Ttl | undefined {
    return this.#parts.context.ttl
  }

  /** The files of the cache, for recipes. */
  get [STORE_FILES](): StoreFiles {
    return this.#files
  }

  /** The entries, for those who look into the cache. */
  get [STORE_LISTING](): StoreListing {
    return new Listing(this.#parts.context, this.#parts.reader)
  }

  /**
   * Changes settings in the directory, when everything before it is done, and resolves when they hold for every
   * process; those that are left out stay. Other processes follow within a second, and take what is under `sqlite` when
   * they open the cache next.
   *
   * @throws TypeError, RangeError for an unknown or illegal setting
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.configure({ evictionPolicy: 'least-recently-used' })
   * ```
   */
  async configure(settings: PartialSettings, options?: Abortable): Promise<void> {
    const signal = signalOf(this.#enter(options))
    const { directory } = this.#parts.context
    checkSettings(settings, directory.disk)
    return this.#operations.exclusive(() => directory.configure(settings), signal)
  }

  namespace<NK extends Key = Key, NV = unknown>(
    name: string,
    options?: NamespaceOptions,
  ): AsyncCacheNamespace<NK, NV> {
    this.#enter(undefined)
    return this.#store.namespace<NK, NV>(name, options).promises
  }

  async count(options?: { prefix?: string | undefined } & Abortable): Promise<number> {
    const [signal, count] = splitSignal(this.#enter(options))
    const prefix = keyPrefix('count', count, this.#parts.context.directory.disk)
    if (prefix === undefined) return this.#operations.readAll(() => this.#store.size, signal)
    return this.#operations.sum(this.#parts.iteration.counts(prefix), signal)
  }

  async get(key: K, options?: GetOptions & Abortable): Promise<V | undefined> {
    const [signal, recency] = splitGetOptions(this.#enter(options))
    const encodedKey = this.#parts.items.encodeKey(key)
    if (recency === 'stale') return this.#entries.recallStale(encodedKey)?.value as V | undefined
    const loaded =
      this.#entries.recall(encodedKey, recency === 'fresh') ??
      this.#entries.noted(encodedKey, await this.#entries.load(encodedKey, signal))
    return loaded?.value as V | undefined
  }

  async getEntry(key: K, options?: GetOptions & Abortable): Promise<Entry<V> | undefined> {
    const [signal, recency] = splitGetOptions(this.#enter(options))
    const encodedKey = this.#parts.items.encodeKey(key)
    if (recency === 'stale') return this.#entryOf(this.#entries.recallStale(encodedKey))
    return this.#entryOf(
      this.#entries.recall(encodedKey, recency === 'fresh') ??
        this.#entries.noted(encodedKey, await this.#entries.load(encodedKey, signal)),
    )
  }

  async getMany(keys: Iterable<K>, options?: Abortable): Promise<(V | undefined)[]> {
    const signal = signalOf(this.#enter(options))
    const loaded = await this.#entries.loadMany(keys, signal)
    return loaded.map((entry) => entry?.value as V | undefined)
  }

  async getEntries(keys: Iterable<K>, options?: Abortable): Promise<(Entry<V> | undefined)[]> {
    const signal = signalOf(this.#enter(options))
    const loaded = await this.#entries.loadMany(keys, signal)
    return loaded.map((entry) => this.#entryOf(entry))
  }

  async has(key: K, options?: Abortable): Promise<boolean> {
    const signal = signalOf(this.#enter(options))
    const encodedKey = this.#parts.items.encodeKey(key)
    return this.#operations.read(encodedKey, () => this.#parts.items.has(encodedKey), signal)
  }

  async hasMany(keys: Iterable<K>, options?: Abortable): Promise<boolean[]> {
    const signal = signalOf(this.#enter(options))
    return this.#entries.haveMany(keys, signal)
  }

  set(key: K, value: V, options?: WriteOptions & Abortable): Promise<boolean> {
    try {
      const [signal, write] = splitSignal(this.#enter(options))
      return this.#operations.run(this.#parts.items.set(key, value, write), signal)
    } catch (error) {
      // An async function, with its promises, would cost a tenth of the write.
      return Promise.reject(error)
    }
  }

  /** Stores a value with metadata, for an import. */
  async [SET_WITH_METADATA](key: Key, value: unknown, options: StreamWriteOptions): Promise<boolean> {
    return this.#operations.run(
      this.#parts.items.setWithMetadata(key, value, this.#enter(options)),
      undefined,
    )
  }

  async setMany(
    entries: Iterable<readonly [K, V, WriteOptions?]>,
    options?: WriteOptions & Abortable,
  ): Promise<boolean[]> {
    const [signal, write] = splitSignal(this.#enter(options))
    return this.#operations.runInSlices(this.#parts.bulk.setInSlices(entries, write), signal)
  }

  async add(key: K, value: V, options?: WriteOptions & Abortable): Promise<boolean> {
    const [signal, write] = splitSignal(this.#enter(options))
    return this.#operations.run(this.#parts.items.add(key, value, write), signal)
  }

  async update(
    key: K,
    change: (entry: Entry<V> | undefined, now: number) => Change<V>,
    options?: Abortable,
  ): Promise<Entry<V> | undefined> {
    const signal = signalOf(this.#enter(options))
    checkFunction('change', change)
    const command = this.#parts.items.update(key, change as Parameters<CacheParts['items']['update']>[1])
    return this.#operations.run(command as Command<Entry<V> | undefined>, signal)
  }

  async incr(key: CounterKey<K, V>, delta = 1, options: CounterOptions & Abortable = {}): Promise<number> {
    const [signal, counter] = splitSignal(this.#enter(options))
    return this.#operations.run(this.#parts.counter.add(key, delta, counter), signal)
  }

  async decr(key: CounterKey<K, V>, delta = 1, options: CounterOptions & Abortable = {}): Promise<number> {
    const [signal, counter] = splitSignal(this.#enter(options))
    return this.#operations.run(this.#parts.counter.add(key, -delta, counter), signal)
  }

  async touch(key: K, options: { ttl: Ttl } & Abortable): Promise<boolean> {
    const [signal, touch] = splitSignal(this.#enter(options))
    checkOptions('the options of touch', touch, ['ttl'])
    return this.#operations.run(this.#parts.items.touch(key, touchTtl(touch)), signal)
  }

  async delete(key: K, options?: Abortable): Promise<boolean> {
    const signal = signalOf(this.#enter(options))
    return this.#operations.run(this.#parts.items.delete(key), signal)
  }

  async deleteMany(keys: Iterable<K>, options?: Abortable): Promise<boolean[]> {
    const signal = signalOf(this.#enter(options))
    return this.#operations.runInSlices(this.#parts.bulk.deleteInSlices(keys), signal)
  }

  async pop(key: K, options?: Abortable): Promise<V | undefined> {
    const signal = signalOf(this.#enter(options))
    return (await this.#entries.pop(this.#parts.items.encodeKey(key), signal))?.value as V | undefined
  }

  async popEntry(key: K, options?: Abortable): Promise<Entry<V> | undefined> {
    const signal = signalOf(this.#enter(options))
    return this.#entryOf(await this.#entries.pop(this.#parts.items.encodeKey(key), signal))
  }

  /**
   * Gives a live entry another key, with its value, expiry, tag and place in the order of insertion, and resolves to
   * whether there was one. An entry that has the other key is removed. Other processes see both at once, when the
   * promise resolves. O(log n), whatever the size of the value.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.set('draft', 'text')
   * await cache.rename('draft', 'page') // → true
   * await cache.get('page') // → 'text'
   * ```
   */
  async rename(from: K, to: K, options?: Abortable): Promise<boolean> {
    const signal = signalOf(this.#enter(options))
    return this.#operations.run(this.#parts.items.rename(from, to), signal)
  }

  async read(key: K, options?: ReadOptions & Abortable): Promise<Readable | undefined> {
    const [signal, read] = splitSignal(this.#enter(options))
    const range = byteRangeOf(read)
    const encodedKey = this.#parts.items.encodeKey(key)
    const { streams } = this.#parts
    const open = () => this.#untilRollback(streams.read(key, range), (stream) => stream)
    return this.#operations.read(encodedKey, open, signal)
  }

  async readEntry(key: K, options?: ReadOptions & Abortable): Promise<StreamedEntry | undefined> {
    const [signal, read] = splitSignal(this.#enter(options))
    const range = byteRangeOf(read)
    const encodedKey = this.#parts.items.encodeKey(key)
    const { streams } = this.#parts
    const open = () => this.#untilRollback(streams.readEntry(key, range), (entry) => entry.stream)
    return this.#operations.read(encodedKey, open, signal)
  }

  async write(key: K, source: ByteSource, options?: StreamWriteOptions & Abortable): Promise<boolean> {
    const [signal, write] = splitSignal(this.#enter(options))
    const ends = signal === undefined ? this.#closer.signal : AbortSignal.any([signal, this.#closer.signal])
    const commit = (command: Command<boolean>, prepared: PreparedValue[]) =>
      this.#operations.run(command, signal, prepared)
    const written = this.#parts.streams.write(key, source, write, commit, ends)
    return this.#entries.track(written)
  }

  /**
   * Adds an item to a queue, at the back unless `side` says otherwise, and resolves to its key, when other processes
   * can pull the item. Without a prefix, keys are integers around 5 × 10¹⁴; with one, strings. `ttl` is in
   * milliseconds.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, and when the keys of the queue are used up
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `asyncTimeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.push({ job: 1 }, { prefix: 'jobs' }) // → 'jobs-500000000000000'
   * (await cache.pull({ prefix: 'jobs' }))?.value // → { job: 1 }
   * ```
   */
  async push(value: V, options: QueueOptions & WriteOptions & Abortable = {}): Promise<number | string> {
    const [signal, push] = splitSignal(this.#enter(options))
    return this.#operations.run(this.#parts.queue.push(value, push), signal)
  }

  /**
   * Removes the item at the front of a queue, or at its back, and resolves to it with its key, or to `undefined` when
   * there is none. Of several processes exactly one gets an item. Expired items are removed and passed over. O(log
   * n).
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.push('first')
   * (await cache.pull())?.value // → 'first'
   * await cache.pull() // → undefined
   * ```
   */
  async pull(options: QueueOptions & Abortable = {}): Promise<QueueEntry<V>> {
    const [signal, pull] = splitSignal(this.#enter(options))
    return this.#operations.run(this.#parts.queue.pull(pull) as Command<QueueEntry<V>>, signal)
  }

  /**
   * Resolves to the item that `pull` would remove, which stays there, for every process; to `undefined` when there is
   * none. Expired items before it are removed.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_TIMEOUT when
   * other processes kept the lock for longer than `asyncTimeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache('cache-directory').promises
   * await cache.push('first', { prefix: 'jobs' })
   * (await cache.peek({ prefix: 'jobs' }))?.value // → 'first'
   * await cache.peek({ prefix: 'other' }) // → undefined
   * ```
   */
  async peek(options: QueueOptions & Abortable = {}): Promise<QueueEntry<V>> {
    const [signal, peek] = splitSignal(this.#enter(options))
    return this.#operations.run(this.#parts.queue.peek(peek) as Command<QueueEntry<V>>, signal)
  }

  /**
   * Resolves to the live entry that was inserted last, by whichever process, or with `last: false` first, or to
   * `undefined` when there is none.
   *
   * @throws TypeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  async peekItem(
    options: { last?: boolean | undefined } & Abortable = {},
  ): Promise<KeyedEntry<K, V> | undefined> {
    const [signal, peek] = splitSignal(this.#enter(options))
    checkOptions('the options of peekItem', peek, ['last'])
    const last = checkBoolean('last', peek.last === undefined ? true : peek.last)
    return this.#operations.readAll(() => this.#parts.iteration.edge(last), signal) as Promise<
      KeyedEntry<K, V> | undefined
    >
  }

  keys(options: IterateOptions & Abortable = {}): AsyncIterableIterator<K> {
    const [signal, iterate] = splitSignal(this.#enter(options))
    return this.#iteration.keys(this.#parts.iteration.walk(iterate), signal) as AsyncIterableIterator<K>
  }

  /**
   * Resolves to the key at a position in sorted order, from 0, a negative one counted from the end, or to `undefined`
   * when there is none. Expired entries are counted. O(n) in the distance to the nearer end, about 20 ns a step.
   *
   * @throws TypeError, RangeError for what is no integer
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   */
  async keyAt(position: number, options?: Abortable): Promise<K | undefined> {
    const signal = signalOf(this.#enter(options))
    checkNumber('position', position, { integer: true })
    return this.#operations.readAll(() => this.#parts.iteration.keyAt(position) as K | undefined, signal)
  }

  /**
   * Resolves to the entry at a position in sorted order, or to `undefined` when there is none or it has expired; in
   * all else like {@link keyAt}.
   *
   * @throws TypeError, RangeError for what is no integer
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  async entryAt(position: number, options?: Abortable): Promise<KeyedEntry<K, V> | undefined> {
    const signal = signalOf(this.#enter(options))
    checkNumber('position', position, { integer: true })
    const found = await this.#entries.loadAt(position, signal)
    return found && (this.#parts.iteration.keyedEntry(found.encodedKey, found) as KeyedEntry<K, V>)
  }

  values(options: IterateOptions & Abortable = {}): AsyncIterableIterator<V> {
    const [signal, iterate] = splitSignal(this.#enter(options))
    return this.#iteration.values(this.#parts.iteration.walk(iterate), signal) as AsyncIterableIterator<V>
  }

  entries(options: IterateOptions & Abortable = {}): AsyncIterableIterator<[K, V]> {
    const [signal, iterate] = splitSignal(this.#enter(options))
    return this.#iteration.entries(this.#parts.iteration.walk(iterate), signal) as AsyncIterableIterator<
      [K, V]
    >
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<[K, V]> {
    return this.entries()
  }

  /**
   * Runs a synchronous body as one transaction, when everything before it is done, and resolves to what the body
   * returns. The body gets the synchronous face. Other processes see all that it did when the promise resolves; when
   * it throws, all is undone. It runs once.
   *
   * @throws TypeError when the body returns a promise: nothing is committed
   * @throws DiskCacheError ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer
   * than `asyncTimeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Cache } from '@diskcache/cache'
   *
   * await using cache = new Cache<string, number>('cache-directory').promises
   * await cache.transact((store) => store.incr('alice', 7) + store.decr('bob', 7)) // → 0
   * ```
   */
  async transact<T>(body: (store: Store<K, V>) => Synchronous<T>, options?: Abortable): Promise<T> {
    const signal = signalOf(this.#enter(options))
    checkFunction('body', body)
    return this.#operations.transact(() => body(this.#store), signal)
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
    const [signal, evict] = splitSignal(this.#enter(options))
    const column = checkTagChoice(tag)
    const prefix = keyPrefix('evict', evict, this.#parts.context.directory.disk)
    return this.#operations.remove(() => this.#parts.eviction.evict(column, prefix), signal)
  }

  async expire(options?: Abortable): Promise<number> {
    const signal = signalOf(this.#enter(options))
    return this.#operations.remove(() => this.#parts.eviction.expire(this.#parts.context.now()), signal)
  }

  async cull(options?: Abortable): Promise<number> {
    const signal = signalOf(this.#enter(options))
    return this.#operations.remove(() => this.#parts.eviction.cull(this.#parts.context.now()), signal)
  }

  async clear(options: { prefix?: string | undefined } & Abortable = {}): Promise<number> {
    const [signal, clear] = splitSignal(this.#enter(options))
    const prefix = keyPrefix('clear', clear, this.#parts.context.directory.disk)
    return this.#operations.remove(() => this.#parts.eviction.clear(prefix), signal)
  }

  async check(options: { fix?: boolean | undefined } & Abortable = {}): Promise<Problem[]> {
    const [signal, check] = splitSignal(this.#enter(options))
    checkOptions('the options of check', check, ['fix'])
    const { fix = false } = check
    return this.#entries.track(this.#operations.check(checkBoolean('fix', fix), signal))
  }

  async stats(
    options: { enable?: boolean | undefined; reset?: boolean | undefined } & Abortable = {},
  ): Promise<Stats> {
    const [signal, stats] = splitSignal(this.#enter(options))
    return this.#operations.exclusive(() => this.#store.stats(stats), signal)
  }

  async volume(options?: Abortable): Promise<number> {
    const signal = signalOf(this.#enter(options))
    return this.#operations.readAll(() => this.#store.volume(), signal)
  }

  async waitFor(keys: readonly K[], options: { signal: AbortSignal }): Promise<void> {
    const signal = signalOf(this.#enter(options))
    for (const key of keys) this.#parts.items.encodeKey(key)
    if (signal === undefined) throw new TypeError('Cannot wait: signal is missing')
    return this.#operations.watch.wait(signal)
  }

  changeCount(): number | undefined {
    this.#enter(undefined)
    return this.#operations.attempt(() => this.#operations.watch.count())?.result
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Rejects what is not committed yet, because the synchronous face was closed. */
  abandon(): void {
    this.#closing ??= Promise.resolve()
    this.#closer.abort(closedError())
    this.#operations.commands.abandon(closedError())
    this.#operations.watch.wake()
  }

  /** Returns the options, or throws when the cache may not be used now. Every operation begins with this. */
  #enter<O>(options: O): O {
    if (this.#closing !== undefined) throw closedError()
    this.#parts.context.assertUsable()
    return options
  }

  #entryOf(loaded: LoadedEntry | undefined): Entry<V> | undefined {
    return loaded && this.#parts.reader.entryOf<V>(loaded)
  }

  /**
   * Returns what was opened, whose stream is destroyed when the transaction fails: its commands run again, and open their
   * streams again.
   */
  #untilRollback<T>(opened: T | undefined, streamOf: (opened: T) => Readable): T | undefined {
    const { connection } = this.#parts.context.directory
    if (opened !== undefined && connection.inTransaction)
      connection.afterRollback(() => streamOf(opened).destroy())
    return opened
  }

  async #finish(): Promise<void> {
    this.#closer.abort(closedError())
    this.#entries.flush()
    await this.#operations.commands.idle()
    await this.#entries.settled()
    // A source may have ended, and been accepted, just before.
    await this.#operations.commands.idle()
    this.#store.close()
  }
}
