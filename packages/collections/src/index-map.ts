import type { Cache } from '@diskcache/cache'
import {
  checkFunction,
  checkOptions,
  type IterateOptions,
  type Key,
  type Memoized,
  type MemoizeOptions,
  type QueueOptions,
  tooLargeError,
} from '@diskcache/core'
import { AsyncIndex } from './async-index.ts'
import { type BackingOptions, type Directories, openBacking, type Source } from './backing-cache.ts'
import type { EdgeOptions } from './edge-options.ts'
import { type Entries, equalTo, haveEqualItems, isOrdered } from './equality.ts'

export type IndexOptions<K extends Key, V> = BackingOptions & {
  /** Entries to begin with. */
  entries?: Iterable<readonly [K, V]> | undefined
}

/**
 * A persistent `Map`, shared by every process that opens its directory. It keeps the order of insertion and forgets
 * nothing. Unlike those of a `Map`, keys are compared by value: `[1, 2]` and `[1, 2]` are one key.
 *
 * @example
 * using pages = new Index('/var/lib/app/pages')
 * pages.set('/', { title: 'Home' }).set('/about', { title: 'About' })
 * [...pages.keys()] // → ['/', '/about']
 */
export class Index<K extends Key = Key, V = unknown> implements Iterable<[K, V]>, Disposable {
  readonly #cache: Cache<K, V>
  readonly #isOwn: boolean
  #promises: AsyncIndex<K, V, Index<K, V>> | undefined

  /**
   * Opens the index in `source`, a directory, which is made when it is not there; without one, in a new temporary
   * directory.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   */
  constructor(source?: Source<K, V>, options: IndexOptions<K, V> = {}) {
    checkOptions('the options', options, Object.keys(options ?? {}))
    const { entries, ...open } = options
    const { cache, isOwn } = openBacking(source, open)
    this.#cache = cache
    this.#isOwn = isOwn
    if (entries !== undefined) this.update(entries)
  }

  /** The index of this name inside a `FanoutCache`. */
  static in<K extends Key = Key, V = unknown>(
    store: Directories<'index'>,
    name: string,
    options?: IndexOptions<K, V>,
  ): Index<K, V> {
    return openIndex<K, V>(store.directoryFor('index', name), options)
  }

  /** An index of a cache that is open, and stays so when the index is closed. Throws `TypeError` for one that evicts. */
  static from<K extends Key = Key, V = unknown>(
    cache: Cache<K, V>,
    options?: Pick<IndexOptions<K, V>, 'entries' | 'allowEviction'>,
  ): Index<K, V> {
    return openIndex<K, V>(cache, options)
  }

  get directory(): string {
    return this.#cache.directory
  }

  /** The same operations as promises. */
  get promises(): AsyncIndex<K, V, Index<K, V>> {
    this.#promises ??= new AsyncIndex<K, V, Index<K, V>>(this, this.#cache, this.#isOwn)
    return this.#promises
  }

  /** Number of entries. O(1). */
  get size(): number {
    return this.#cache.size
  }

  get(key: K): V | undefined {
    return this.#cache.get(key)
  }

  /** An entry that is there keeps its place in the order. Throws `ERR_DISKCACHE_TOO_LARGE`. */
  set(key: K, value: V): this {
    if (!this.#cache.set(key, value)) throw tooLargeError()
    return this
  }

  has(key: K): boolean {
    return this.#cache.has(key)
  }

  delete(key: K): boolean {
    return this.#cache.delete(key)
  }

  /** Removes an entry and gives its value; `undefined` when there is none. */
  pop(key: K): V | undefined {
    return this.#cache.pop(key)
  }

  /** Removes the entry that was inserted last, or first, and gives it. */
  popItem(options?: EdgeOptions): [K, V] | undefined {
    return this.#cache.transact(() => {
      const item = this.peekItem(options)
      if (item !== undefined) this.#cache.delete(item[0])
      return item
    })
  }

  /** The entry that was inserted last, or first. */
  peekItem(options?: EdgeOptions): [K, V] | undefined {
    const item = this.#cache.peekItem(options)
    return item && [item.key, item.value]
  }

  /** The value of a key; when there is none, that of `make`, which is stored. If two make one, the first is kept. */
  setDefault(key: K, make: () => V): V {
    checkFunction('make', make)
    const found = this.#cache.getEntry(key)
    if (found !== undefined) return found.value
    const value = make()
    const kept = this.#cache.update(key, (entry) => (entry === undefined ? { set: value } : { keep: true }))
    return kept === undefined ? value : kept.value
  }

  /** Adds a value under a new key, which sorts after (or before) the others of its queue, and gives that. */
  push(value: V, options?: QueueOptions): number | string {
    return this.#cache.push(value, options)
  }

  /** Removes the entry at an end of a queue, the front by default, and gives it. */
  pull(options?: QueueOptions): [number | string, V] | undefined {
    const item = this.#cache.pull(options)
    return item && [item.key, item.value]
  }

  /** Sets many entries in one transaction. Throws `ERR_DISKCACHE_TOO_LARGE`, and sets none, if one value is too large. */
  update(entries: Iterable<readonly [K, V]>): void {
    this.#cache.transact(() => {
      if (this.#cache.setMany(entries).includes(false)) throw tooLargeError()
    })
  }

  clear(): void {
    this.#cache.clear()
  }

  /** In the order of insertion. What is added after the iteration began does not appear. */
  keys(options?: IterateOptions): IteratorObject<K> {
    return this.#cache.keys(options)
  }

  values(options?: IterateOptions): IteratorObject<V> {
    return this.#cache.values(options)
  }

  entries(options?: IterateOptions): IteratorObject<[K, V]> {
    return this.#cache.entries(options)
  }

  forEach(callback: (value: V, key: K, index: this) => void, thisArgument?: unknown): void {
    checkFunction('callback', callback)
    for (const [key, value] of this) Reflect.apply(callback, thisArgument, [value, key, this])
  }

  /** Whether both have equal values under equal keys; unless the other is a `Map`, in the same order. */
  equals(other: Entries<K, V>): boolean {
    if (other.size !== this.size) return false
    if (isOrdered(other)) return haveEqualItems(this.entries(), other.entries())
    return Iterator.from(other.entries()).every(([key, value]) => {
      const entry = this.#cache.getEntry(key)
      return entry !== undefined && equalTo(value)(entry.value)
    })
  }

  memoize<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    options: MemoizeOptions<A>,
  ): Memoized<A, R> {
    return this.#cache.memoize(fn, options)
  }

  /** Runs a synchronous body as one transaction, which also keeps other processes from changing the index. */
  transact<T>(body: () => T): T {
    return this.#cache.transact(body)
  }

  [Symbol.iterator](): IteratorObject<[K, V]> {
    return this.entries()
  }

  /** Closes the index's own cache. */
  close(): void {
    if (this.#isOwn) this.#cache.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** Apart from the class: bundlers give a class that names itself another name, which logs would show. */
function openIndex<K extends Key, V>(...args: ConstructorParameters<typeof Index<K, V>>): Index<K, V> {
  return new Index<K, V>(...args)
}
