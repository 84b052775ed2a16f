import type { Cache } from '@diskcache/cache'
import {
  checkFunction,
  checkOptions,
  type GetOptions,
  type IterateOptions,
  type Key,
  type Memoized,
  type MemoizeOptions,
  type QueueOptions,
  type Synchronous,
  tooLargeError,
} from '@diskcache/core'
import { AsyncIndex } from './async-index.ts'
import { type BackingOptions, type Directories, openBacking, type Source } from './backing-cache.ts'
import type { EdgeOptions } from './edge-options.ts'
import { type Entries, equalTo, haveEqualItems, isOrdered } from './equality.ts'

/** The options of an `Index`. */
export type IndexOptions<K extends Key, V> = BackingOptions & {
  /** Entries to set when the index is open; none unless given. */
  entries?: Iterable<readonly [K, V]> | undefined
}

/**
 * A persistent `Map`, shared by every process that opens its directory. It keeps the order of insertion and forgets
 * nothing. Unlike those of a `Map`, keys are compared by value: `[1, 2]` and `[1, 2]` are one key. What a method does
 * is there for other processes when it returns.
 *
 * @example
 * ```ts
 * import { Index } from '@diskcache/collections'
 *
 * using pages = new Index('pages-directory')
 * pages.set('/', { title: 'Home' }).set('/about', { title: 'About' })
 * [...pages.keys()] // → ['/', '/about']
 * ```
 */
export class Index<K extends Key = Key, V = unknown> implements Iterable<[K, V]>, Disposable {
  readonly #cache: Cache<K, V>
  readonly #isOwn: boolean
  #promises: AsyncIndex<K, V, Index<K, V>> | undefined

  /**
   * Opens the index in `source`: a directory, which is made when it is not there, or a cache that is open; without
   * one, in a new temporary directory.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError as the constructor of `Cache` does
   */
  constructor(source?: Source<K, V>, options: IndexOptions<K, V> = {}) {
    checkOptions('the options', options, Object.keys(options ?? {}))
    const { entries, ...open } = options
    const { cache, isOwn } = openBacking(source, open)
    this.#cache = cache
    this.#isOwn = isOwn
    if (entries !== undefined) this.update(entries)
  }

  /**
   * Opens the index of this name inside a `FanoutCache`.
   *
   * @throws TypeError, RangeError for a name that could lead elsewhere; else as the constructor does
   *
   * @example
   * ```ts
   * import { Index } from '@diskcache/collections'
   * import { FanoutCache } from '@diskcache/fanout'
   *
   * using store = new FanoutCache('app-directory')
   * using results = Index.in<string, number>(store, 'results/2026')
   * results.set('total', 1).get('total') // → 1
   * ```
   */
  static in<K extends Key = Key, V = unknown>(
    store: Directories<'index'>,
    name: string,
    options?: IndexOptions<K, V>,
  ): Index<K, V> {
    return openIndex<K, V>(store.directoryFor('index', name), options)
  }

  /**
   * Makes an index of a cache that is open, and stays open when the index is closed.
   *
   * @throws TypeError for a cache that evicts, unless `allowEviction` is given, and for an unknown or illegal option
   */
  static from<K extends Key = Key, V = unknown>(
    cache: Cache<K, V>,
    options?: Pick<IndexOptions<K, V>, 'entries' | 'allowEviction'>,
  ): Index<K, V> {
    return openIndex<K, V>(cache, options)
  }

  /** The real path of the directory, without links. */
  get directory(): string {
    return this.#cache.directory
  }

  /**
   * The cache that keeps the entries, each under its own key, for its settings (but for `evictionPolicy`, which would
   * let entries vanish), `transact`, `check`, `stats`, `volume`, and whatever else a cache can do with them: an entry that is given a `ttl` there leaves the index when it expires.
   * The cache is closed with the index, unless the index was made of it.
   *
   * @example
   * ```ts
   * import { Index } from '@diskcache/collections'
   *
   * using visits = new Index<string, number>('visits-directory', { entries: [['/', 1]] })
   * visits.cache.incr('/') // → 2
   * visits.get('/') // → 2
   * ```
   */
  get cache(): Cache<K, V> {
    return this.#cache
  }

  /** The same operations as promises, on the same entries. */
  get promises(): AsyncIndex<K, V, Index<K, V>> {
    this.#promises ??= new AsyncIndex<K, V, Index<K, V>>(this, this.#cache, this.#isOwn)
    return this.#promises
  }

  /**
   * The number of entries that all processes have set. O(1).
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   */
  get size(): number {
    return this.#cache.size
  }

  /**
   * Returns the value of a key, or `undefined` when there is none. O(log n).
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  get(key: K, options?: GetOptions): V | undefined {
    return this.#cache.get(key, options)
  }

  /**
   * Sets the value of a key, and returns the index. A key that is there keeps its place in the order.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `timeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Index } from '@diskcache/collections'
   *
   * using index = new Index<string, number>('index-directory')
   * index.set('a', 1).set('b', 2).set('a', 10)
   * [...index] // → [['a', 10], ['b', 2]]
   * ```
   */
  set(key: K, value: V): this {
    if (!this.#cache.set(key, value)) throw tooLargeError()
    return this
  }

  /**
   * Returns whether there is an entry.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   */
  has(key: K): boolean {
    return this.#cache.has(key)
  }

  /**
   * Removes an entry and returns whether there was one.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  delete(key: K): boolean {
    return this.#cache.delete(key)
  }

  /**
   * Removes an entry and returns its value, or `undefined` when there is none. Of several processes exactly one gets
   * it.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   */
  pop(key: K): V | undefined {
    return this.#cache.pop(key)
  }

  /**
   * Removes the entry that was inserted last, or with `last: false` first, and returns its key and value, or
   * `undefined` when there is none. Of several processes exactly one gets it.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   */
  popItem(options?: EdgeOptions): [K, V] | undefined {
    return this.#cache.transact(() => {
      const item = this.peekItem(options)
      if (item !== undefined) this.#cache.delete(item[0])
      return item
    })
  }

  /**
   * Returns the key and value of the entry that was inserted last, or with `last: false` first, or `undefined` when
   * there is none.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  peekItem(options?: EdgeOptions): [K, V] | undefined {
    const item = this.#cache.peekItem(options)
    return item && [item.key, item.value]
  }

  /**
   * Returns the value of a key. When there is none, it stores and returns what `make` returns; if several processes
   * make one, the first is kept, and all get that.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `timeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Index } from '@diskcache/collections'
   *
   * using index = new Index<string, number>('index-directory')
   * index.setDefault('a', () => 1) // → 1
   * index.setDefault('a', () => 2) // → 1
   * ```
   */
  setDefault(key: K, make: () => V): V {
    checkFunction('make', make)
    const found = this.#cache.getEntry(key, { fresh: true })
    if (found !== undefined) return found.value
    const value = make()
    const kept = this.#cache.update(key, (entry) => (entry === undefined ? { set: value } : { keep: true }))
    return kept === undefined ? value : kept.value
  }

  /**
   * Adds a value under a new key and returns that. The key sorts after the others of its queue, or, with `side:
   * 'front'`, before them.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `timeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  push(value: V, options?: QueueOptions): number | string {
    return this.#cache.push(value, options)
  }

  /**
   * Removes the entry at an end of a queue, the front unless given, and returns its key and value, or `undefined`
   * when the queue is empty. Of several processes exactly one gets it.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   */
  pull(options?: QueueOptions): [number | string, V] | undefined {
    const item = this.#cache.pull(options)
    return item && [item.key, item.value]
  }

  /**
   * Sets many entries in one transaction, which other processes see at once. If one value is too large, it sets none.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `timeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  update(entries: Iterable<readonly [K, V]>): void {
    this.#cache.transact(() => {
      if (this.#cache.setMany(entries).includes(false)) throw tooLargeError()
    })
  }

  /**
   * Removes all entries that are there.
   *
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  clear(): void {
    this.#cache.clear()
  }

  /**
   * Iterates over the keys, in the order of insertion unless `options` say otherwise. What any process adds after the
   * iteration began does not appear.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   */
  keys(options?: IterateOptions): IteratorObject<K> {
    return this.#cache.keys(options)
  }

  /**
   * Iterates over the values; in all else like {@link keys}.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  values(options?: IterateOptions): IteratorObject<V> {
    return this.#cache.values(options)
  }

  /**
   * Iterates over the keys and values, in pairs; in all else like {@link keys}.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  entries(options?: IterateOptions): IteratorObject<[K, V]> {
    return this.#cache.entries(options)
  }

  /**
   * Calls `callback` with the value and key of each entry, in the order of insertion.
   *
   * @throws TypeError for what is no function; what `callback` throws goes on
   */
  forEach(callback: (value: V, key: K, index: this) => void, thisArgument?: unknown): void {
    checkFunction('callback', callback)
    for (const [key, value] of this) Reflect.apply(callback, thisArgument, [value, key, this])
  }

  /**
   * Returns whether both have equal values under equal keys, as `isDeepStrictEqual` compares what is stored, and,
   * unless the other is a `Map`, in the same order. O(n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  equals(other: Entries<K, V>): boolean {
    if (other.size !== this.size) return false
    if (isOrdered(other)) return haveEqualItems(this.entries(), other.entries())
    return Iterator.from(other.entries()).every(([key, value]) => {
      const entry = this.#cache.getEntry(key)
      return entry !== undefined && equalTo(value)(entry.value)
    })
  }

  /**
   * Returns a function that keeps its results in the index, under the name of the options, as `Store.memoize` does.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, and for a name that another function of this
   * index has
   */
  memoize<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    options: MemoizeOptions<A, R>,
  ): Memoized<A, R> {
    return this.#cache.memoize(fn, options)
  }

  /**
   * Runs a synchronous body as one transaction, which also keeps other processes from changing the index, and returns
   * what the body returns. When it throws, all is undone. Other processes see all that it did when `transact`
   * returns.
   *
   * @throws TypeError when the body returns a promise: nothing is committed
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  transact<T>(body: () => Synchronous<T>): T {
    return this.#cache.transact<T>(body)
  }

  [Symbol.iterator](): IteratorObject<[K, V]> {
    return this.entries()
  }

  /** Closes the cache of the index, for this process, unless that was given to it. A second call does nothing. */
  close(): void {
    if (this.#isOwn) this.#cache.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/**
 * Makes an index. It stands apart from the class, because bundlers give a class that names itself another name, which
 * logs would show.
 */
function openIndex<K extends Key, V>(...args: ConstructorParameters<typeof Index<K, V>>): Index<K, V> {
  return new Index<K, V>(...args)
}
