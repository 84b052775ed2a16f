import type { Cache } from '@diskcache/cache'
import { checkFunction, checkNumber, checkOptions, tooLargeError } from '@diskcache/core'
import { AsyncDeque } from './async-deque.ts'
import { type BackingOptions, type Directories, openBacking, type Source } from './backing-cache.ts'
import { equalTo, haveEqualItems } from './equality.ts'
import { checkItemKeys, makeRoom, removeIf, reverseKeys, rotateKeys } from './item-keys.ts'

export type DequeOptions<V> = BackingOptions & {
  /** Most items, `Infinity`: one end that grows beyond it pushes items off the other. Not kept in the directory. */
  maxLength?: number | undefined
  /** Items to append. */
  values?: Iterable<V> | undefined
}

/**
 * A persistent double-ended queue, shared by every process that opens its directory. Every method is atomic. Positions
 * count from 0 at the left and from -1 at the right; finding one costs about 20 ns a step from the nearer end.
 *
 * @example
 * using jobs = new Deque('/var/lib/app/jobs')
 * jobs.append({ id: 1 })
 * jobs.popLeft() // → { id: 1 }, in exactly one process
 */
export class Deque<V = unknown> implements Iterable<V>, Disposable {
  readonly #cache: Cache<number, V>
  readonly #isOwn: boolean
  #maxLength = Infinity
  #promises: AsyncDeque<V, Deque<V>> | undefined

  /**
   * Opens the deque in `source`, a directory, which is made when it is not there; without one, in a new temporary
   * directory.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   * @throws DiskCacheError ERR_DISKCACHE_FORMAT when there is something else
   */
  constructor(source?: Source<number, V>, options: DequeOptions<V> = {}) {
    checkOptions('the options', options, Object.keys(options ?? {}))
    const { maxLength = Infinity, values = [], ...open } = options
    checkMaxLength(maxLength)
    const { cache, isOwn } = openBacking(source, open)
    this.#cache = cache
    this.#isOwn = isOwn
    try {
      checkItemKeys(cache)
      this.maxLength = maxLength
      this.extend(values)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** The deque of this name inside a `FanoutCache`. */
  static in<V = unknown>(store: Directories<'deque'>, name: string, options?: DequeOptions<V>): Deque<V> {
    return openDeque<V>(store.directoryFor('deque', name), options)
  }

  /** A deque in a cache that is open, and stays so when the deque is closed. Throws `TypeError` for one that evicts. */
  static from<V = unknown>(
    cache: Cache<number, V>,
    options?: Pick<DequeOptions<V>, 'maxLength' | 'values' | 'allowEviction'>,
  ): Deque<V> {
    return openDeque<V>(cache, options)
  }

  get directory(): string {
    return this.#cache.directory
  }

  /** The same operations as promises, and `take`, which waits for an item. */
  get promises(): AsyncDeque<V, Deque<V>> {
    this.#promises ??= new AsyncDeque<V, Deque<V>>(this, this.#cache, this.#isOwn)
    return this.#promises
  }

  /** Number of items. O(1). */
  get length(): number {
    return this.#cache.size
  }

  get maxLength(): number {
    return this.#maxLength
  }

  /** A smaller one removes items from the left. */
  set maxLength(maxLength: number) {
    this.#maxLength = checkMaxLength(maxLength)
    if (this.length > maxLength) this.#cache.transact(() => this.#trim('front'))
  }

  /** Adds an item at the right. */
  append(value: V): void {
    this.#push([value], 'back')
  }

  /** Adds an item at the left. */
  appendLeft(value: V): void {
    this.#push([value], 'front')
  }

  /** Adds items at the right, in one transaction. */
  extend(values: Iterable<V>): void {
    this.#push([...values], 'back')
  }

  /** Adds items at the left one by one, so that the last of them is the leftmost; in one transaction. */
  extendLeft(values: Iterable<V>): void {
    this.#push([...values], 'front')
  }

  /** Removes the rightmost item and gives it; `undefined` when there is none. */
  pop(): V | undefined {
    return this.#cache.pull({ side: 'back' })?.value
  }

  popLeft(): V | undefined {
    return this.#cache.pull({ side: 'front' })?.value
  }

  /** The rightmost item, which stays; `undefined` when there is none. */
  peek(): V | undefined {
    return this.#cache.peek({ side: 'back' })?.value
  }

  peekLeft(): V | undefined {
    return this.#cache.peek({ side: 'front' })?.value
  }

  at(position: number): V | undefined {
    return this.#cache.entryAt(position)?.value
  }

  /** Replaces the item at a position. Throws `RangeError` when there is none. */
  set(position: number, value: V): void {
    this.#cache.transact(() => {
      const key = this.#cache.keyAt(position)
      if (key === undefined) {
        throw new RangeError(`Cannot set item ${position}: the deque has ${this.length}`)
      }
      this.#store(key, value)
    })
  }

  /** Removes the item at a position; whether there was one. */
  delete(position: number): boolean {
    return this.#cache.transact(() => {
      const key = this.#cache.keyAt(position)
      return key !== undefined && this.#cache.delete(key)
    })
  }

  /**
   * Adds an item before the one at `position`; beyond an end, at that end. O(n) in the distance to the nearer end.
   * Throws `RangeError` when the deque has its `maxLength`, as nobody could say which item should go.
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

  /** Removes the first item that equals `value`; whether there was one. */
  remove(value: V): boolean {
    const isEqual = equalTo(value)
    for (const [key, item] of this.#cache.entries({ order: 'sorted' })) {
      if (isEqual(item) && removeIf(this.#cache, key, isEqual)) return true
    }
    return false
  }

  /** How many items equal `value`. */
  count(value: V): number {
    const isEqual = equalTo(value)
    return this[Symbol.iterator]().reduce((count, item) => count + Number(isEqual(item)), 0)
  }

  /** The position of the first item that equals `value`; -1 when there is none. */
  indexOf(value: V): number {
    const isEqual = equalTo(value)
    let position = 0
    for (const item of this) {
      if (isEqual(item)) return position
      position++
    }
    return -1
  }

  /** Turns the order of the items round. O(n). */
  reverse(): void {
    this.#cache.transact(() => reverseKeys(this.#cache))
  }

  /** Takes so many items from the right end to the left; a negative number, from the left to the right. O(steps). */
  rotate(steps = 1): void {
    checkNumber('steps', steps, { integer: true })
    this.#cache.transact(() => {
      const { length } = this
      if (length > 1) rotateKeys(this.#cache, shortest(steps % length, length))
    })
  }

  clear(): void {
    this.#cache.clear()
  }

  /** A deque of its own with the same items, in `directory` or a new temporary one. */
  copy(directory?: string | undefined): Deque<V> {
    return openDeque<V>(directory, { maxLength: this.#maxLength, values: this })
  }

  /** Whether both have equal items in the same order. */
  equals(other: Iterable<V>): boolean {
    return haveEqualItems(this, other)
  }

  /** Runs a synchronous body as one transaction, which also keeps other processes from changing the deque. */
  transact<T>(body: () => T): T {
    checkFunction('body', body)
    return this.#cache.transact(body)
  }

  /** From left to right. What is added, taken or moved meanwhile may appear or not. */
  [Symbol.iterator](): IteratorObject<V> {
    return this.#cache.values({ order: 'sorted' })
  }

  /** From right to left. */
  reversed(): IteratorObject<V> {
    return this.#cache.values({ order: 'sorted', reverse: true })
  }

  /** Closes the deque's own cache. */
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

  /** Removes what is too much, inside a transaction. */
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

/** As many steps in the direction in which they are fewer. */
function shortest(steps: number, length: number): number {
  if (steps > length / 2) return steps - length
  return steps < -length / 2 ? steps + length : steps
}

function checkMaxLength(maxLength: unknown): number {
  return checkNumber('maxLength', maxLength, { min: 0, integer: true, infinity: true })
}

/** Apart from the class: bundlers give a class that names itself another name, which logs would show. */
function openDeque<V>(...args: ConstructorParameters<typeof Deque<V>>): Deque<V> {
  return new Deque<V>(...args)
}
