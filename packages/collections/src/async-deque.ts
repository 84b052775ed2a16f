import type { AsyncCache, Cache } from '@diskcache/cache'
import { type Abortable, checkFunction } from '@diskcache/core'
import { equalTo, haveEqualItemsAsync } from './equality.ts'
import { removeIf } from './item-keys.ts'
import { ItemTakers, type TakeOptions } from './item-takers.ts'

/** What of the synchronous face runs as a transaction. */
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
 * The promise face of a deque. It never blocks the event loop while another process writes; what is not one command
 * waits for everything before it, and runs as a transaction.
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

  /** Number of items. */
  length(options?: Abortable): Promise<number> {
    return this.#items.count(options)
  }

  /** Adds an item at the right. */
  async append(value: V, options?: Abortable): Promise<void> {
    if (this.#isBounded) return this.#transact((deque) => deque.append(value), options)
    await this.#items.push(value, { ...options, side: 'back' })
  }

  /** Adds an item at the left. */
  async appendLeft(value: V, options?: Abortable): Promise<void> {
    if (this.#isBounded) return this.#transact((deque) => deque.appendLeft(value), options)
    await this.#items.push(value, { ...options, side: 'front' })
  }

  /** Adds items at the right, in one transaction. */
  extend(values: Iterable<V>, options?: Abortable): Promise<void> {
    const items = [...values]
    return this.#transact((deque) => deque.extend(items), options)
  }

  /** Adds items at the left one by one, so that the last of them is the leftmost; in one transaction. */
  extendLeft(values: Iterable<V>, options?: Abortable): Promise<void> {
    const items = [...values]
    return this.#transact((deque) => deque.extendLeft(items), options)
  }

  /** Removes the rightmost item and gives it; `undefined` when there is none. */
  async pop(options?: Abortable): Promise<V | undefined> {
    return (await this.#items.pull({ ...options, side: 'back' }))?.value
  }

  async popLeft(options?: Abortable): Promise<V | undefined> {
    return (await this.#items.pull({ ...options, side: 'front' }))?.value
  }

  /**
   * Like `pop`, but waits for an item. Callers in this process are served in the order in which they came, and look for
   * what other processes add every 10 ms, all of them together. Gives `undefined` when the time is up.
   */
  take(options: TakeOptions = {}): Promise<V | undefined> {
    return this.#takers.take('back', options)
  }

  /** Like `popLeft`, but waits for an item; see {@link take}. */
  takeLeft(options: TakeOptions = {}): Promise<V | undefined> {
    return this.#takers.take('front', options)
  }

  /** The rightmost item, which stays; `undefined` when there is none. */
  async peek(options?: Abortable): Promise<V | undefined> {
    return (await this.#items.peek({ ...options, side: 'back' }))?.value
  }

  async peekLeft(options?: Abortable): Promise<V | undefined> {
    return (await this.#items.peek({ ...options, side: 'front' }))?.value
  }

  async at(position: number, options?: Abortable): Promise<V | undefined> {
    return (await this.#items.entryAt(position, options))?.value
  }

  /** Replaces the item at a position. Rejects with `RangeError` when there is none. */
  set(position: number, value: V, options?: Abortable): Promise<void> {
    return this.#transact((deque) => deque.set(position, value), options)
  }

  /** Removes the item at a position; whether there was one. */
  delete(position: number, options?: Abortable): Promise<boolean> {
    return this.#transact((deque) => deque.delete(position), options)
  }

  /** Adds an item before the one at `position`; beyond an end, at that end. */
  insert(position: number, value: V, options?: Abortable): Promise<void> {
    return this.#transact((deque) => deque.insert(position, value), options)
  }

  /** Removes the first item that equals `value`; whether there was one. What is asked for later may come in between. */
  async remove(value: V, options?: Abortable): Promise<boolean> {
    const isEqual = equalTo(value)
    const remove = (key: number) => this.#items.transact(() => removeIf(this.#cache, key, isEqual), options)
    for await (const [key, item] of this.#items.entries({ ...options, order: 'sorted' })) {
      if (isEqual(item) && (await remove(key))) return true
    }
    return false
  }

  /** How many items equal `value`. */
  async count(value: V, options?: Abortable): Promise<number> {
    const isEqual = equalTo(value)
    let count = 0
    for await (const item of this.#values(options)) if (isEqual(item)) count++
    return count
  }

  /** The position of the first item that equals `value`; -1 when there is none. */
  async indexOf(value: V, options?: Abortable): Promise<number> {
    const isEqual = equalTo(value)
    let position = 0
    for await (const item of this.#values(options)) {
      if (isEqual(item)) return position
      position++
    }
    return -1
  }

  /** Turns the order of the items round. */
  reverse(options?: Abortable): Promise<void> {
    return this.#transact((deque) => deque.reverse(), options)
  }

  /** Takes so many items from the right end to the left; a negative number, from the left to the right. */
  rotate(steps = 1, options?: Abortable): Promise<void> {
    return this.#transact((deque) => deque.rotate(steps), options)
  }

  async clear(options?: Abortable): Promise<void> {
    await this.#items.clear(options)
  }

  /** Whether both have equal items in the same order. */
  equals(other: Iterable<V>, options?: Abortable): Promise<boolean> {
    return haveEqualItemsAsync(this.#values(options), other)
  }

  /** Runs a synchronous body with the synchronous face, as one transaction, when everything before it is done. */
  async transact<T>(body: (deque: Sync) => T, options?: Abortable): Promise<T> {
    checkFunction('body', body)
    return this.#transact(body, options)
  }

  /** From left to right. What is added, taken or moved meanwhile may appear or not. */
  [Symbol.asyncIterator](): AsyncIterableIterator<V> {
    return this.#values()
  }

  /** From right to left. */
  reversed(options?: Abortable): AsyncIterableIterator<V> {
    return this.#items.values({ ...options, order: 'sorted', reverse: true })
  }

  /** Closes the deque's own cache, when everything that was accepted is done; who waits for an item is rejected. */
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

  #transact<T>(body: (deque: Sync) => T, options: Abortable | undefined): Promise<T> {
    return this.#items.transact(() => body(this.#deque), options)
  }

  #values(options?: Abortable): AsyncIterableIterator<V> {
    return this.#items.values({ ...options, order: 'sorted' })
  }
}
