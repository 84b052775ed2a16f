import type { AsyncCache, Cache } from '@diskcache/cache'
import { type Abortable, checkFunction, type Synchronous } from '@diskcache/core'
import { equalTo, haveEqualItemsAsync } from './equality.ts'
import { removeIf } from './item-keys.ts'
import { ItemTakers, type TakeOptions } from './item-takers.ts'

/** The members of the synchronous face that run as a transaction. */
export interface AtomicDeque<V> {
  readonly maxLength: number
  append(value: V): void
  appendLeft(value: V): void
  extend(values: Iterable<V>): void
  extendLeft(values: Iterable<V>): void
  set(position: number, value: V): void
  delete(position: number): boolean
  insert(position: number, value: V): void
  reverse(): void
  rotate(steps: number): void
}

/**
 * The promise face of a deque. It never blocks the event loop while another process writes. An operation that is more
 * than one command waits for everything before it, and runs as a transaction. A promise resolves when its effect is
 * there for all processes, and rejects with the reason of its `signal` when that is aborted.
 */
export class AsyncDeque<V, Sync extends AtomicDeque<V>> implements AsyncIterable<V>, AsyncDisposable {
  readonly #deque: Sync
  readonly #cache: Cache<number, V>
  readonly #items: AsyncCache<number, V>
  readonly #takers: ItemTakers<V>
  readonly #isOwn: boolean

  constructor(deque: Sync, cache: Cache<number, V>, isOwn: boolean) {
    this.#deque = deque
    this.#cache = cache
    this.#items = cache.promises
    this.#takers = new ItemTakers(cache.promises)
    this.#isOwn = isOwn
  }

  /** The promise face of the cache that keeps the items; what may be done with it, `cache` of the deque says. */
  get cache(): AsyncCache<number, V> {
    return this.#items
  }

  /**
   * Resolves to the number of items that all processes have added. O(1).
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   */
  length(options?: Abortable): Promise<number> {
    return this.#items.count(options)
  }

  /**
   * Adds an item at the right. Beyond `maxLength`, the leftmost one falls off. O(log n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `asyncTimeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  async append(value: V, options?: Abortable): Promise<void> {
    if (this.#isBounded) return this.#transact((deque) => deque.append(value), options)
    await this.#items.push(value, { ...options, side: 'back' })
  }

  /**
   * Adds an item at the left. Beyond `maxLength`, the rightmost one falls off. O(log n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `asyncTimeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  async appendLeft(value: V, options?: Abortable): Promise<void> {
    if (this.#isBounded) return this.#transact((deque) => deque.appendLeft(value), options)
    await this.#items.push(value, { ...options, side: 'front' })
  }

  /**
   * Adds items at the right, in one transaction, which other processes see at once. The event loop waits for that, some
   * 20 ms for 1,000 items: add more in several calls, unless they must be there at once.
   *
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `asyncTimeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  extend(values: Iterable<V>, options?: Abortable): Promise<void> {
    const items = [...values]
    return this.#transact((deque) => deque.extend(items), options)
  }

  /**
   * Adds items at the left one by one, so that the last of them is the leftmost, in one transaction. The event loop
   * waits for that, some 20 ms for 1,000 items: add more in several calls, unless they must be there at once.
   *
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `asyncTimeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  extendLeft(values: Iterable<V>, options?: Abortable): Promise<void> {
    const items = [...values]
    return this.#transact((deque) => deque.extendLeft(items), options)
  }

  /**
   * Removes the rightmost item and resolves to it, or to `undefined` when there is none. Of several processes exactly
   * one gets an item.
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   */
  async pop(options?: Abortable): Promise<V | undefined> {
    return (await this.#items.pull({ ...options, side: 'back' }))?.value
  }

  /**
   * Removes the leftmost item and resolves to it, or to `undefined` when there is none. Of several processes exactly
   * one gets an item.
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   */
  async popLeft(options?: Abortable): Promise<V | undefined> {
    return (await this.#items.pull({ ...options, side: 'front' }))?.value
  }

  /**
   * Waits for an item, removes the rightmost one and resolves to it, or to `undefined` when `timeout`, in
   * milliseconds, is over. Callers in this process are served in the order in which they came, and look for what
   * other processes add every 10 ms, all of them together. A caller that gives up takes no item with it.
   *
   * @throws TypeError, RangeError for an illegal option; the reason of `signal` when that is aborted
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Deque } from '@diskcache/collections'
   *
   * using deque = new Deque<string>('jobs-directory')
   * const jobs = deque.promises
   * setTimeout(() => deque.append('job'), 20)
   * await jobs.take({ timeout: 1_000 }) // → 'job'
   * await jobs.take({ timeout: 20 }) // → undefined
   * ```
   */
  take(options: TakeOptions = {}): Promise<V | undefined> {
    return this.#takers.take('back', options)
  }

  /**
   * Waits for an item, removes the leftmost one and resolves to it; in all else like {@link take}.
   *
   * @throws TypeError, RangeError, DiskCacheError as `take` does
   */
  takeLeft(options: TakeOptions = {}): Promise<V | undefined> {
    return this.#takers.take('front', options)
  }

  /**
   * Resolves to the rightmost item, which stays, or to `undefined` when there is none.
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  async peek(options?: Abortable): Promise<V | undefined> {
    return (await this.#items.peek({ ...options, side: 'back' }))?.value
  }

  /**
   * Resolves to the leftmost item, which stays, or to `undefined` when there is none.
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  async peekLeft(options?: Abortable): Promise<V | undefined> {
    return (await this.#items.peek({ ...options, side: 'front' }))?.value
  }

  /**
   * Resolves to the item at a position, or to `undefined` when there is none. O(n) in the distance to the nearer end.
   *
   * @throws TypeError, RangeError for what is no integer
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  async at(position: number, options?: Abortable): Promise<V | undefined> {
    return (await this.#items.entryAt(position, options))?.value
  }

  /**
   * Replaces the item at a position. O(n) in the distance to the nearer end.
   *
   * @throws TypeError, RangeError for what is no integer, and when there is no item
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `asyncTimeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  set(position: number, value: V, options?: Abortable): Promise<void> {
    return this.#transact((deque) => deque.set(position, value), options)
  }

  /**
   * Removes the item at a position and resolves to whether there was one. O(n) in the distance to the nearer end.
   *
   * @throws TypeError, RangeError for what is no integer
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  delete(position: number, options?: Abortable): Promise<boolean> {
    return this.#transact((deque) => deque.delete(position), options)
  }

  /**
   * Adds an item before the one at `position`, or, beyond an end, at that end. O(n) in the distance to the nearer end:
   * items are moved, up to the next gap, in one transaction, for which the event loop waits.
   *
   * @throws TypeError, RangeError for what is no integer, and when the deque has its `maxLength`
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `asyncTimeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  insert(position: number, value: V, options?: Abortable): Promise<void> {
    return this.#transact((deque) => deque.insert(position, value), options)
  }

  /**
   * Removes the first item that equals `value`, as `isDeepStrictEqual` compares what is stored, and resolves to
   * whether there was one. Operations that are asked for later may come in between. O(n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   */
  async remove(value: V, options?: Abortable): Promise<boolean> {
    const isEqual = equalTo(value)
    const remove = (key: number) => this.#items.transact(() => removeIf(this.#cache, key, isEqual), options)
    for await (const [key, item] of this.#items.entries({ ...options, order: 'sorted' })) {
      if (isEqual(item) && (await remove(key))) return true
    }
    return false
  }

  /**
   * Resolves to how many items equal `value`, as `isDeepStrictEqual` compares what is stored. O(n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  async count(value: V, options?: Abortable): Promise<number> {
    const isEqual = equalTo(value)
    let count = 0
    for await (const item of this.#values(options)) if (isEqual(item)) count++
    return count
  }

  /**
   * Resolves to the position of the first item that equals `value`, as `isDeepStrictEqual` compares what is stored,
   * or to -1 when there is none. O(n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  async indexOf(value: V, options?: Abortable): Promise<number> {
    const isEqual = equalTo(value)
    let position = 0
    for await (const item of this.#values(options)) {
      if (isEqual(item)) return position
      position++
    }
    return -1
  }

  /**
   * Reverses the order of the items, which are moved and not copied, in one transaction. O(n): the event loop waits for
   * that, some 20 ms for 1,000 items.
   *
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  reverse(options?: Abortable): Promise<void> {
    return this.#transact((deque) => deque.reverse(), options)
  }

  /**
   * Moves so many items, 1 unless given, from the right end to the left; a negative number, from the left to the
   * right, in one transaction. O(steps): the event loop waits for that, some 20 ms for 1,000 steps.
   *
   * @throws TypeError, RangeError for what is no integer
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  rotate(steps = 1, options?: Abortable): Promise<void> {
    return this.#transact((deque) => deque.rotate(steps), options)
  }

  /**
   * Removes all items that are there.
   *
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  async clear(options?: Abortable): Promise<void> {
    await this.#items.clear(options)
  }

  /**
   * Resolves to whether both have equal items in the same order, as `isDeepStrictEqual` compares what is stored.
   * O(n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  equals(other: Iterable<V>, options?: Abortable): Promise<boolean> {
    return haveEqualItemsAsync(this.#values(options), other)
  }

  /**
   * Runs a synchronous body with the synchronous face, as one transaction, when everything before it is done, and
   * resolves to what the body returns. When it throws, all is undone.
   *
   * @throws TypeError when the body returns a promise: nothing is committed
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `asyncTimeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  async transact<T>(body: (deque: Sync) => Synchronous<T>, options?: Abortable): Promise<T> {
    checkFunction('body', body)
    return this.#transact<T>(body, options)
  }

  /** Iterates from left to right. What any process adds, takes or moves meanwhile may appear or not. */
  [Symbol.asyncIterator](): AsyncIterableIterator<V> {
    return this.#values()
  }

  /** Iterates from right to left; in all else like the deque itself. */
  reversed(options?: Abortable): AsyncIterableIterator<V> {
    return this.#items.values({ ...options, order: 'sorted', reverse: true })
  }

  /**
   * Closes the cache of the deque, for this process, when everything that was accepted is done, unless the cache was
   * given to the deque. Callers that wait for an item are rejected with `ERR_DISKCACHE_CLOSED`.
   */
  async close(): Promise<void> {
    this.#takers.close()
    if (this.#isOwn) await this.#items.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  get #isBounded(): boolean {
    return this.#deque.maxLength !== Infinity
  }

  #transact<T>(body: (deque: Sync) => Synchronous<T>, options: Abortable | undefined): Promise<T> {
    return this.#items.transact<T>(() => body(this.#deque), options)
  }

  #values(options?: Abortable): AsyncIterableIterator<V> {
    return this.#items.values({ ...options, order: 'sorted' })
  }
}
