import type { AsyncCache, Cache } from '@diskcache/cache'
import {
  type Abortable,
  checkFunction,
  type GetOptions,
  ITEMS_PER_SLICE,
  type IterateOptions,
  isSliceOver,
  type Key,
  nextSlice,
  type QueueOptions,
  type Synchronous,
  tooLargeError,
} from '@diskcache/core'
import type { EdgeOptions } from './edge-options.ts'
import { type Entries, equalTo, haveEqualItemsAsync, isOrdered } from './equality.ts'

/** The members of the synchronous face that run as a transaction. */
export interface AtomicIndex<K extends Key, V> {
  popItem(options: EdgeOptions): [K, V] | undefined
  update(entries: Iterable<readonly [K, V]>): void
}

/**
 * The promise face of an index. It never blocks the event loop while another process writes. A promise resolves when
 * its effect is there for all processes, and rejects with the reason of its `signal` when that is aborted.
 */
export class AsyncIndex<K extends Key, V, Sync extends AtomicIndex<K, V>>
  implements AsyncIterable<[K, V]>, AsyncDisposable
{
  readonly #index: Sync
  readonly #entries: AsyncCache<K, V>
  readonly #isOwn: boolean

  constructor(index: Sync, cache: Cache<K, V>, isOwn: boolean) {
    this.#index = index
    this.#entries = cache.promises
    this.#isOwn = isOwn
  }

  /** The promise face of the cache that keeps the entries; what may be done with it, `cache` of the index says. */
  get cache(): AsyncCache<K, V> {
    return this.#entries
  }

  /**
   * Resolves to the number of entries that all processes have set. O(1).
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   */
  size(options?: Abortable): Promise<number> {
    return this.#entries.count(options)
  }

  /**
   * Resolves to the value of a key, or to `undefined` when there is none. O(log n).
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  get(key: K, options?: GetOptions & Abortable): Promise<V | undefined> {
    return this.#entries.get(key, options)
  }

  /**
   * Sets the value of a key. A key that is there keeps its place in the order.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `asyncTimeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  async set(key: K, value: V, options?: Abortable): Promise<void> {
    if (!(await this.#entries.set(key, value, options))) throw tooLargeError()
  }

  /**
   * Resolves to whether there is an entry.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   */
  has(key: K, options?: Abortable): Promise<boolean> {
    return this.#entries.has(key, options)
  }

  /**
   * Removes an entry and resolves to whether there was one.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  delete(key: K, options?: Abortable): Promise<boolean> {
    return this.#entries.delete(key, options)
  }

  /**
   * Removes an entry and resolves to its value, or to `undefined` when there is none. Of several processes exactly
   * one gets it.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   */
  pop(key: K, options?: Abortable): Promise<V | undefined> {
    return this.#entries.pop(key, options)
  }

  /**
   * Removes the entry that was inserted last, or with `last: false` first, and resolves to its key and value, or to
   * `undefined` when there is none. Of several processes exactly one gets it.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   */
  popItem({ signal, ...options }: EdgeOptions & Abortable = {}): Promise<[K, V] | undefined> {
    return this.#entries.transact(() => this.#index.popItem(options), { signal })
  }

  /**
   * Resolves to the key and value of the entry that was inserted last, or with `last: false` first, or to `undefined`
   * when there is none.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  async peekItem(options?: EdgeOptions & Abortable): Promise<[K, V] | undefined> {
    const item = await this.#entries.peekItem(options)
    return item && [item.key, item.value]
  }

  /**
   * Resolves to the value of a key. When there is none, it stores what `make` resolves to; if several make one, the
   * first is kept, and all get that. `getOrSet` of `@diskcache/recipes` lets only one make it.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `asyncTimeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  async setDefault(key: K, make: () => V | Promise<V>, options?: Abortable): Promise<V> {
    checkFunction('make', make)
    const found = await this.#entries.getEntry(key, { ...options, fresh: true })
    if (found !== undefined) return found.value
    const value = await make()
    const change = (entry: unknown) => (entry === undefined ? { set: value } : ({ keep: true } as const))
    const kept = await this.#entries.update(key, change, options)
    return kept === undefined ? value : kept.value
  }

  /**
   * Adds a value under a new key and resolves to that. The key sorts after the others of its queue, or, with `side:
   * 'front'`, before them.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `asyncTimeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  push(value: V, options?: QueueOptions & Abortable): Promise<number | string> {
    return this.#entries.push(value, options)
  }

  /**
   * Removes the entry at an end of a queue, the front unless given, and resolves to its key and value, or to
   * `undefined` when the queue is empty. Of several processes exactly one gets it.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   */
  async pull(options?: QueueOptions & Abortable): Promise<[number | string, V] | undefined> {
    const item = await this.#entries.pull(options)
    return item && [item.key, item.value]
  }

  /**
   * Sets many entries in one transaction, which other processes see at once. If one value is too large, it sets none.
   * That holds for up to 1,000 entries; more are set in slices, in their order, as by `setMany` of
   * `@diskcache/cache`: then the others are set also where one value is too large.
   *
   * @throws TypeError for what cannot be a key
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `asyncTimeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  async update(entries: Iterable<readonly [K, V]>, options?: Abortable): Promise<void> {
    const items = [...entries]
    if (items.length <= ITEMS_PER_SLICE) {
      return this.#entries.transact(() => this.#index.update(items), options)
    }
    const stored = await this.#entries.setMany(items, options)
    if (stored.includes(false)) throw tooLargeError()
  }

  /**
   * Removes all entries that are there.
   *
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  async clear(options?: Abortable): Promise<void> {
    await this.#entries.clear(options)
  }

  /**
   * Iterates over the keys, in the order of insertion unless `options` say otherwise. What any process adds after the
   * iteration began does not appear.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   */
  keys(options?: IterateOptions & Abortable): AsyncIterableIterator<K> {
    return this.#entries.keys(options)
  }

  /**
   * Iterates over the values; in all else like {@link keys}.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  values(options?: IterateOptions & Abortable): AsyncIterableIterator<V> {
    return this.#entries.values(options)
  }

  /**
   * Iterates over the keys and values, in pairs; in all else like {@link keys}.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  entries(options?: IterateOptions & Abortable): AsyncIterableIterator<[K, V]> {
    return this.#entries.entries(options)
  }

  /**
   * Resolves to whether both have equal values under equal keys, as `isDeepStrictEqual` compares what is stored, and,
   * unless the other is a `Map`, in the same order. O(n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  async equals(other: Entries<K, V>, options?: Abortable): Promise<boolean> {
    if (other.size !== (await this.size(options))) return false
    if (isOrdered(other)) return haveEqualItemsAsync(this.entries(options), other.entries())
    for (const [key, value] of other.entries()) {
      if (isSliceOver()) await nextSlice()
      const entry = await this.#entries.getEntry(key, options)
      if (entry === undefined || !equalTo(value)(entry.value)) return false
    }
    return true
  }

  /**
   * Runs a synchronous body with the synchronous face, as one transaction, when everything before it is done, and
   * resolves to what the body returns. When it throws, all is undone.
   *
   * @throws TypeError when the body returns a promise: nothing is committed
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  async transact<T>(body: (index: Sync) => Synchronous<T>, options?: Abortable): Promise<T> {
    checkFunction('body', body)
    return this.#entries.transact<T>(() => body(this.#index), options)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<[K, V]> {
    return this.entries()
  }

  /**
   * Closes the cache of the index, for this process, when everything that was accepted is done, unless the cache was
   * given to the index.
   */
  async close(): Promise<void> {
    if (this.#isOwn) await this.#entries.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
