import type { AsyncCache, Cache } from '@diskcache/cache'
import {
  type Abortable,
  checkFunction,
  type IterateOptions,
  type Key,
  type QueueOptions,
  tooLargeError,
} from '@diskcache/core'
import type { EdgeOptions } from './edge-options.ts'
import { type Entries, equalTo, haveEqualItemsAsync, isOrdered } from './equality.ts'

/** What of the synchronous face runs as a transaction. */
export interface AtomicIndex<K extends Key, V> {
  popItem(options: EdgeOptions): [K, V] | undefined
  update(entries: Iterable<readonly [K, V]>): void
}

/** The promise face of an index. It never blocks the event loop while another process writes. */
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

  /** Number of entries. */
  size(options?: Abortable): Promise<number> {
    return this.#entries.count(options)
  }

  get(key: K, options?: Abortable): Promise<V | undefined> {
    return this.#entries.get(key, options)
  }

  /** An entry that is there keeps its place in the order. Rejects with `ERR_DISKCACHE_TOO_LARGE`. */
  async set(key: K, value: V, options?: Abortable): Promise<void> {
    if (!(await this.#entries.set(key, value, options))) throw tooLargeError()
  }

  has(key: K, options?: Abortable): Promise<boolean> {
    return this.#entries.has(key, options)
  }

  delete(key: K, options?: Abortable): Promise<boolean> {
    return this.#entries.delete(key, options)
  }

  /** Removes an entry and gives its value; `undefined` when there is none. */
  pop(key: K, options?: Abortable): Promise<V | undefined> {
    return this.#entries.pop(key, options)
  }

  /** Removes the entry that was inserted last, or first, and gives it. */
  popItem({ signal, ...options }: EdgeOptions & Abortable = {}): Promise<[K, V] | undefined> {
    return this.#entries.transact(() => this.#index.popItem(options), { signal })
  }

  /** The entry that was inserted last, or first. */
  async peekItem(options?: EdgeOptions & Abortable): Promise<[K, V] | undefined> {
    const item = await this.#entries.peekItem(options)
    return item && [item.key, item.value]
  }

  /**
   * The value of a key; when there is none, that of `make`, which is stored. If several make one, the first is kept;
   * `getOrSet` of `@diskcache/recipes` lets only one make it.
   */
  async setDefault(key: K, make: () => V | Promise<V>, options?: Abortable): Promise<V> {
    checkFunction('make', make)
    const found = await this.#entries.getEntry(key, options)
    if (found !== undefined) return found.value
    const value = await make()
    const change = (entry: unknown) => (entry === undefined ? { set: value } : ({ keep: true } as const))
    const kept = await this.#entries.update(key, change, options)
    return kept === undefined ? value : kept.value
  }

  /** Adds a value under a new key, which sorts after (or before) the others of its queue, and gives that. */
  push(value: V, options?: QueueOptions & Abortable): Promise<number | string> {
    return this.#entries.push(value, options)
  }

  /** Removes the entry at an end of a queue, the front by default, and gives it. */
  async pull(options?: QueueOptions & Abortable): Promise<[number | string, V] | undefined> {
    const item = await this.#entries.pull(options)
    return item && [item.key, item.value]
  }

  /** Sets many entries in one transaction. Rejects with `ERR_DISKCACHE_TOO_LARGE`, and sets none, if one value is too large. */
  update(entries: Iterable<readonly [K, V]>, options?: Abortable): Promise<void> {
    const items = [...entries]
    return this.#entries.transact(() => this.#index.update(items), options)
  }

  async clear(options?: Abortable): Promise<void> {
    await this.#entries.clear(options)
  }

  /** In the order of insertion. What is added after the iteration began does not appear. */
  keys(options?: IterateOptions & Abortable): AsyncIterableIterator<K> {
    return this.#entries.keys(options)
  }

  values(options?: IterateOptions & Abortable): AsyncIterableIterator<V> {
    return this.#entries.values(options)
  }

  entries(options?: IterateOptions & Abortable): AsyncIterableIterator<[K, V]> {
    return this.#entries.entries(options)
  }

  /** Whether both have equal values under equal keys; unless the other is a `Map`, in the same order. */
  async equals(other: Entries<K, V>, options?: Abortable): Promise<boolean> {
    if (other.size !== (await this.size(options))) return false
    if (isOrdered(other)) return haveEqualItemsAsync(this.entries(options), other.entries())
    for (const [key, value] of other.entries()) {
      const entry = await this.#entries.getEntry(key, options)
      if (entry === undefined || !equalTo(value)(entry.value)) return false
    }
    return true
  }

  /** Runs a synchronous body with the synchronous face, as one transaction, when everything before it is done. */
  async transact<T>(body: (index: Sync) => T, options?: Abortable): Promise<T> {
    checkFunction('body', body)
    return this.#entries.transact(() => body(this.#index), options)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<[K, V]> {
    return this.entries()
  }

  /** Closes the index's own cache, when everything that was accepted is done. */
  async close(): Promise<void> {
    if (this.#isOwn) await this.#entries.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
