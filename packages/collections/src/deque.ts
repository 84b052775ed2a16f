import type { Cache } from '@diskcache/cache'
import {
  checkFunction,
  checkNumber,
  checkOptions,
  type DirectoryPath,
  type Synchronous,
  tooLargeError,
} from '@diskcache/core'
import { AsyncDeque } from './async-deque.ts'
import { type BackingOptions, type Directories, openBacking, type Source } from './backing-cache.ts'
import { equalTo, haveEqualItems } from './equality.ts'
import { checkItemKeys, makeRoom, removeIf, reverseKeys, rotateKeys } from './item-keys.ts'

/** The options of a `Deque`. */
export type DequeOptions<V> = BackingOptions & {
  /**
   * The most items, `Infinity` unless given: when one end grows beyond it, items fall off the other. It is not kept
   * in the directory.
   */
  maxLength?: number | undefined
  /** Items to append at the right when the deque is open; none unless given. */
  values?: Iterable<V> | undefined
}

/**
 * A persistent double-ended queue, shared by every process that opens its directory. Every method is atomic, and its
 * effect is there for other processes when it returns. Positions count from 0 at the left and from -1 at the right;
 * finding one costs about 20 ns a step from the nearer end.
 *
 * @example
 * ```ts
 * import { Deque } from '@diskcache/collections'
 *
 * using jobs = new Deque<{ id: number }>('jobs-directory')
 * jobs.append({ id: 1 })
 * jobs.popLeft() // → { id: 1 }
 * jobs.popLeft() // → undefined
 * ```
 */
export class Deque<V = unknown> implements Iterable<V>, Disposable {
  readonly #cache: Cache<number, V>
  readonly #isOwn: boolean
  readonly #classes: BackingOptions['classes']
  #maxLength = Infinity
  #promises: AsyncDeque<V, Deque<V>> | undefined

  /**
   * Opens the deque in `source`: a directory, which is made when it is not there, or a cache that is open; without
   * one, in a new temporary directory.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FORMAT when there is something else; else as the constructor of `Cache` does
   */
  constructor(source?: Source<number, V>, options: DequeOptions<V> = {}) {
    checkOptions('the options', options, Object.keys(options ?? {}))
    const { maxLength = Infinity, values = [], ...open } = options
    checkMaxLength(maxLength)
    const { cache, isOwn } = openBacking(source, open)
    this.#cache = cache
    this.#isOwn = isOwn
    this.#classes = options.classes
    try {
      checkItemKeys(cache)
      this.maxLength = maxLength
      this.extend(values)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /**
   * Opens the deque of this name inside a `FanoutCache`.
   *
   * @throws TypeError, RangeError for a name that could lead elsewhere; else as the constructor does
   *
   * @example
   * ```ts
   * import { Deque } from '@diskcache/collections'
   * import { FanoutCache } from '@diskcache/fanout'
   *
   * using store = new FanoutCache('app-directory')
   * using jobs = Deque.in<string>(store, 'jobs')
   * jobs.append('send mail')
   * ```
   */
  static in<V = unknown>(store: Directories<'deque'>, name: string, options?: DequeOptions<V>): Deque<V> {
    return openDeque<V>(store.directoryFor('deque', name), options)
  }

  /**
   * Makes a deque of a cache that is open, and stays open when the deque is closed. The deque has the cache for
   * itself.
   *
   * @throws TypeError for a cache that evicts, unless `allowEviction` is given, and for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FORMAT when the cache holds something else
   */
  static from<V = unknown>(
    cache: Cache<number, V>,
    options?: Pick<DequeOptions<V>, 'maxLength' | 'values' | 'allowEviction'>,
  ): Deque<V> {
    return openDeque<V>(cache, options)
  }

  /** The real path of the directory, without links. */
  get directory(): string {
    return this.#cache.directory
  }

  /**
   * The cache that keeps the items, for its settings (but for `evictionPolicy`, which would let items vanish),
   * `transact`, `check`, `stats`, `volume`, and for reading. Its keys are those of a queue without a prefix, which `push` and `pull` of the cache move along with the deque; an entry with
   * another key would not be an item, and the directory then not that of a deque. It is closed with the deque, unless
   * the deque was made of it.
   *
   * @example
   * ```ts
   * import { Deque } from '@diskcache/collections'
   *
   * using jobs = new Deque('jobs-directory', { values: ['first', 'second'] })
   * jobs.cache.transact(() => jobs.append(jobs.popLeft() as string)) // both or neither
   * jobs.cache.check() // → []
   * ```
   */
  get cache(): Cache<number, V> {
    return this.#cache
  }

  /**
   * The same operations as promises, on the same items, and two more, `take` and `takeLeft`, which wait for an item.
   */
  get promises(): AsyncDeque<V, Deque<V>> {
    this.#promises ??= new AsyncDeque<V, Deque<V>>(this, this.#cache, this.#isOwn)
    return this.#promises
  }

  /**
   * The number of items that all processes have added. O(1).
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after `close()`
   */
  get length(): number {
    return this.#cache.size
  }

  /**
   * The most items, `Infinity` unless given: when one end grows beyond it, items fall off the other. To set a smaller
   * one removes items from the left. It holds for this object only.
   *
   * @throws TypeError, RangeError for what is no length
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  get maxLength(): number {
    return this.#maxLength
  }

  set maxLength(maxLength: number) {
    this.#maxLength = checkMaxLength(maxLength)
    if (this.length > maxLength) this.#cache.transact(() => this.#trim('front'))
  }

  /**
   * Adds an item at the right. Beyond `maxLength`, the leftmost one falls off. O(log n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `timeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  append(value: V): void {
    this.#push([value], 'back')
  }

  /**
   * Adds an item at the left. Beyond `maxLength`, the rightmost one falls off. O(log n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `timeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  appendLeft(value: V): void {
    this.#push([value], 'front')
  }

  /**
   * Adds items at the right, in one transaction, which other processes see at once.
   *
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `timeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  extend(values: Iterable<V>): void {
    this.#push([...values], 'back')
  }

  /**
   * Adds items at the left one by one, so that the last of them is the leftmost, in one transaction.
   *
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `timeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  extendLeft(values: Iterable<V>): void {
    this.#push([...values], 'front')
  }

  /**
   * Removes the rightmost item and returns it, or `undefined` when there is none. Of several processes exactly one
   * gets an item.
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   */
  pop(): V | undefined {
    return this.#cache.pull({ side: 'back' })?.value
  }

  /**
   * Removes the leftmost item and returns it, or `undefined` when there is none. Of several processes exactly one
   * gets an item.
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Deque } from '@diskcache/collections'
   *
   * using jobs = new Deque<string>('jobs-directory', { values: ['a', 'b'] })
   * jobs.popLeft() // → 'a'
   * jobs.pop() // → 'b'
   * jobs.popLeft() // → undefined
   * ```
   */
  popLeft(): V | undefined {
    return this.#cache.pull({ side: 'front' })?.value
  }

  /**
   * Returns the rightmost item, which stays, or `undefined` when there is none.
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  peek(): V | undefined {
    return this.#cache.peek({ side: 'back' })?.value
  }

  /**
   * Returns the leftmost item, which stays, or `undefined` when there is none.
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  peekLeft(): V | undefined {
    return this.#cache.peek({ side: 'front' })?.value
  }

  /**
   * Returns the item at a position, or `undefined` when there is none. O(n) in the distance to the nearer end.
   *
   * @throws TypeError, RangeError for what is no integer
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  at(position: number): V | undefined {
    return this.#cache.entryAt(position)?.value
  }

  /**
   * Replaces the item at a position. O(n) in the distance to the nearer end.
   *
   * @throws TypeError, RangeError for what is no integer, and when there is no item
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `timeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  set(position: number, value: V): void {
    this.#cache.transact(() => {
      const key = this.#cache.keyAt(position)
      if (key === undefined) {
        throw new RangeError(`Cannot set item ${position}: the deque has ${this.length}`)
      }
      this.#store(key, value)
    })
  }

  /**
   * Removes the item at a position and returns whether there was one. O(n) in the distance to the nearer end.
   *
   * @throws TypeError, RangeError for what is no integer
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  delete(position: number): boolean {
    return this.#cache.transact(() => {
      const key = this.#cache.keyAt(position)
      return key !== undefined && this.#cache.delete(key)
    })
  }

  /**
   * Adds an item before the one at `position`, or, beyond an end, at that end. O(n) in the distance to the nearer
   * end.
   *
   * @throws TypeError, RangeError for what is no integer, and when the deque has its `maxLength`, as nobody could say
   * which item should go
   * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE for a value that is larger than the size limit,
   * ERR_DISKCACHE_UNSUPPORTED_VALUE, ERR_DISKCACHE_FULL, ERR_DISKCACHE_TIMEOUT when other processes kept the lock for
   * longer than `timeout`, ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  insert(position: number, value: V): void {
    checkNumber('position', position, { integer: true })
    this.#cache.transact(() => {
      const { length } = this
      if (length >= this.#maxLength) {
        throw new RangeError(`Cannot insert an item: the deque has its maxLength of ${this.#maxLength}`)
      }
      const index = Math.max(0, position < 0 ? length + position : position)
      if (index === 0) this.appendLeft(value)
      else if (index >= length) this.append(value)
      else this.#store(makeRoom(this.#cache, index), value)
    })
  }

  /**
   * Removes the first item that equals `value`, as `isDeepStrictEqual` compares what is stored, and returns whether
   * there was one. O(n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, which stays,
   * ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`, ERR_DISKCACHE_READONLY,
   * ERR_DISKCACHE_CLOSED
   */
  remove(value: V): boolean {
    const isEqual = equalTo(value)
    for (const [key, item] of this.#cache.entries({ order: 'sorted' })) {
      if (isEqual(item) && removeIf(this.#cache, key, isEqual)) return true
    }
    return false
  }

  /**
   * Returns how many items equal `value`, as `isDeepStrictEqual` compares what is stored. O(n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  count(value: V): number {
    const isEqual = equalTo(value)
    return this[Symbol.iterator]().reduce((count, item) => count + Number(isEqual(item)), 0)
  }

  /**
   * Returns the position of the first item that equals `value`, as `isDeepStrictEqual` compares what is stored, or -1
   * when there is none. O(n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  indexOf(value: V): number {
    const isEqual = equalTo(value)
    let position = 0
    for (const item of this) {
      if (isEqual(item)) return position
      position++
    }
    return -1
  }

  /**
   * Reverses the order of the items, which are moved and not copied. O(n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  reverse(): void {
    this.#cache.transact(() => reverseKeys(this.#cache))
  }

  /**
   * Moves so many items, 1 unless given, from the right end to the left; a negative number, from the left to the
   * right. The items are moved and not copied. O(steps).
   *
   * @throws TypeError, RangeError for what is no integer
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   *
   * @example
   * ```ts
   * import { Deque } from '@diskcache/collections'
   *
   * using deque = new Deque<string>('deque-directory', { values: ['a', 'b', 'c'] })
   * deque.rotate(1)
   * [...deque] // → ['c', 'a', 'b']
   * ```
   */
  rotate(steps = 1): void {
    checkNumber('steps', steps, { integer: true })
    this.#cache.transact(() => {
      const { length } = this
      if (length > 1) rotateKeys(this.#cache, shortest(steps % length, length))
    })
  }

  /**
   * Removes all items that are there.
   *
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  clear(): void {
    this.#cache.clear()
  }

  /**
   * Makes a deque of its own with the same items, `maxLength` and `classes`, in `directory` or a new temporary one. O(n).
   *
   * @throws what the constructor throws
   */
  copy(directory?: DirectoryPath | undefined): Deque<V> {
    return openDeque<V>(directory, { maxLength: this.#maxLength, values: this, classes: this.#classes })
  }

  /**
   * Returns whether both have equal items in the same order, as `isDeepStrictEqual` compares what is stored. O(n).
   *
   * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that Python pickled, ERR_DISKCACHE_CLOSED after
   * `close()`
   */
  equals(other: Iterable<V>): boolean {
    return haveEqualItems(this, other)
  }

  /**
   * Runs a synchronous body as one transaction, which also keeps other processes from changing the deque, and returns
   * what the body returns. When it throws, all is undone. Other processes see all that it did when `transact`
   * returns.
   *
   * @throws TypeError when the body returns a promise: nothing is committed
   * @throws DiskCacheError ERR_DISKCACHE_TIMEOUT when other processes kept the lock for longer than `timeout`,
   * ERR_DISKCACHE_READONLY, ERR_DISKCACHE_CLOSED
   */
  transact<T>(body: () => Synchronous<T>): T {
    checkFunction('body', body)
    return this.#cache.transact<T>(body)
  }

  /** Iterates from left to right. What any process adds, takes or moves meanwhile may appear or not. */
  [Symbol.iterator](): IteratorObject<V> {
    return this.#cache.values({ order: 'sorted' })
  }

  /** Iterates from right to left; in all else like the deque itself. */
  reversed(): IteratorObject<V> {
    return this.#cache.values({ order: 'sorted', reverse: true })
  }

  /** Closes the cache of the deque, for this process, unless that was given to it. A second call does nothing. */
  close(): void {
    if (this.#isOwn) this.#cache.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #push(values: readonly V[], side: 'back' | 'front'): void {
    if (values.length === 0) return
    if (values.length === 1 && this.#maxLength === Infinity) {
      this.#cache.push(values[0] as V, { side })
      return
    }
    this.#cache.transact(() => {
      for (const value of values) this.#cache.push(value, { side })
      this.#trim(side === 'back' ? 'front' : 'back')
    })
  }

  /** Removes the items beyond `maxLength` at an end, inside a transaction. */
  #trim(side: 'back' | 'front'): void {
    const excess = this.length - this.#maxLength
    if (excess <= 0) return
    const keys = this.#cache.keys({ order: 'sorted', reverse: side === 'back' }).take(excess)
    this.#cache.deleteMany([...keys])
  }

  #store(key: number, value: V): void {
    if (!this.#cache.set(key, value)) throw tooLargeError()
  }
}

/** Returns as many steps in the direction in which they are fewer. */
function shortest(steps: number, length: number): number {
  if (steps > length / 2) return steps - length
  return steps < -length / 2 ? steps + length : steps
}

function checkMaxLength(maxLength: unknown): number {
  return checkNumber('maxLength', maxLength, { min: 0, integer: true, infinity: true })
}

/**
 * Makes a deque. It stands apart from the class, because bundlers give a class that names itself another name, which
 * logs would show.
 */
function openDeque<V>(...args: ConstructorParameters<typeof Deque<V>>): Deque<V> {
  return new Deque<V>(...args)
}
