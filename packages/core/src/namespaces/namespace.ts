import type { Readable } from 'node:stream'
import { type RecipeHint, refuseGetOrSet } from '../checks/recipe-hint.ts'
import type { AsyncStore } from '../contract/async-store.ts'
import type { Capabilities } from '../contract/capabilities.ts'
import type {
  Change,
  CounterKey,
  CounterOptions,
  Entry,
  Key,
  Synchronous,
  TagChoice,
  Ttl,
  WriteOptions,
} from '../contract/entry.ts'
import type { Memoized, MemoizeOptions } from '../contract/memoized.ts'
import type { NamespaceOptions } from '../contract/namespace-options.ts'
import type {
  ByteSource,
  GetOptions,
  IterateOptions,
  ReadOptions,
  Stats,
  StreamedEntry,
  StreamWriteOptions,
} from '../contract/operation-options.ts'
import type { Problem } from '../contract/problem.ts'
import type { Store } from '../contract/store.ts'
import type { NamespaceScope } from './namespace-scope.ts'
import { NamespaceUse } from './namespace-use.ts'
import { ownError } from './own-error.ts'

type Prefixed = { prefix?: string | undefined }

/**
 * A namespace of a `Store`: a store of its own to those who use it, whose entries are entries of the whole, under strings
 * that begin with its name. `stats`, `expire`, `cull`, `check` and `volume` concern the whole, and `transact` is one of
 * the whole. Engines add what is theirs.
 */
export abstract class Namespace<K extends Key = Key, V = unknown> implements Store<K, V> {
  readonly #store: Store<string, V>
  /** What the namespace is. */
  protected readonly scope: NamespaceScope
  /** Whether this object can be used. */
  protected readonly use = new NamespaceUse()

  abstract get promises(): AsyncStore<K, V>
  abstract namespace<NK extends Key = Key, NV = unknown>(
    name: string,
    options?: NamespaceOptions,
  ): Store<NK, NV>
  abstract memoize<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    options: MemoizeOptions<A, R>,
  ): Memoized<A, R>

  /** Takes the whole store, and which of its entries are meant. */
  constructor(store: Store, scope: NamespaceScope) {
    this.#store = store as unknown as Store<string, V>
    this.scope = scope
  }

  get directory(): string {
    return this.#store.directory
  }

  get capabilities(): Capabilities {
    return this.#store.capabilities
  }

  /** The number of entries, those that have expired but are not removed yet included. O(n) in their number. */
  get size(): number {
    return this.count()
  }

  count(options?: Prefixed): number {
    return this.run(() => this.#store.count(this.scope.within(options)))
  }

  get(key: K, options?: GetOptions): V | undefined {
    return this.run(() => this.#store.get(this.text(key), options))
  }

  getEntry(key: K, options?: GetOptions): Entry<V> | undefined {
    return this.run(() => this.#store.getEntry(this.text(key), options))
  }

  getMany(keys: Iterable<K>): (V | undefined)[] {
    return this.run(() => this.#store.getMany(this.scope.texts(keys)))
  }

  getEntries(keys: Iterable<K>): (Entry<V> | undefined)[] {
    return this.run(() => this.#store.getEntries(this.scope.texts(keys)))
  }

  has(key: K): boolean {
    return this.run(() => this.#store.has(this.text(key)))
  }

  hasMany(keys: Iterable<K>): boolean[] {
    return this.run(() => this.#store.hasMany(this.scope.texts(keys)))
  }

  set(key: K, value: V, options?: WriteOptions): boolean {
    return this.run(() => this.#store.set(this.text(key), value, this.scope.defaults.write(options)))
  }

  setMany(entries: Iterable<readonly [K, V, WriteOptions?]>, options?: WriteOptions): boolean[] {
    return this.run(() =>
      this.#store.setMany(this.scope.entries(entries), this.scope.defaults.write(options)),
    )
  }

  add(key: K, value: V, options?: WriteOptions): boolean {
    return this.run(() => this.#store.add(this.text(key), value, this.scope.defaults.write(options)))
  }

  update(key: K, change: (entry: Entry<V> | undefined, now: number) => Change<V>): Entry<V> | undefined {
    return this.run(() => this.#store.update(this.text(key), this.scope.defaults.change(change)))
  }

  incr(key: CounterKey<K, V>, delta?: number, options?: CounterOptions): number {
    const text = this.text(key as K) as CounterKey<string, V>
    return this.run(() => this.#store.incr(text, delta, this.scope.defaults.write(options)))
  }

  decr(key: CounterKey<K, V>, delta?: number, options?: CounterOptions): number {
    const text = this.text(key as K) as CounterKey<string, V>
    return this.run(() => this.#store.decr(text, delta, this.scope.defaults.write(options)))
  }

  touch(key: K, options: { ttl: Ttl }): boolean {
    return this.run(() => this.#store.touch(this.text(key), options))
  }

  delete(key: K): boolean {
    return this.run(() => this.#store.delete(this.text(key)))
  }

  deleteMany(keys: Iterable<K>): boolean[] {
    return this.run(() => this.#store.deleteMany(this.scope.texts(keys)))
  }

  pop(key: K): V | undefined {
    return this.run(() => this.#store.pop(this.text(key)))
  }

  popEntry(key: K): Entry<V> | undefined {
    return this.run(() => this.#store.popEntry(this.text(key)))
  }

  read(key: K, options?: ReadOptions): Readable | undefined {
    return this.run(() => this.#store.read(this.text(key), options))
  }

  readEntry(key: K, options?: ReadOptions): StreamedEntry | undefined {
    return this.run(() => this.#store.readEntry(this.text(key), options))
  }

  async write(key: K, source: ByteSource, options?: StreamWriteOptions): Promise<boolean> {
    return this.run(() => this.#store.write(this.text(key), source, this.scope.defaults.write(options)))
  }

  keys(options?: IterateOptions): IteratorObject<K> {
    return this.run(() => this.#keys(this.#store.keys(this.scope.within(options))))
  }

  values(options?: IterateOptions): IteratorObject<V> {
    return this.entries(options).map(([, value]) => value)
  }

  entries(options?: IterateOptions): IteratorObject<[K, V]> {
    return this.run(() => this.#entries(this.#store.entries(this.scope.within(options))))
  }

  [Symbol.iterator](): IteratorObject<[K, V]> {
    return this.entries()
  }

  transact<T>(body: () => Synchronous<T>): T {
    this.use.enter()
    return this.#store.transact(body)
  }

  /**
   * Throws: `getOrSet` is a function of `@diskcache/recipes`, which is a package of its own, and takes any store.
   *
   * @throws TypeError that says how to call it
   * @deprecated Install it with `npm install @diskcache/recipes`, `import { getOrSet } from '@diskcache/recipes'`, and
   * call `getOrSet(store, key, make)`.
   * @hidden
   */
  getOrSet(this: RecipeHint, ..._args: unknown[]): unknown {
    return refuseGetOrSet()
  }

  evict(tag: TagChoice, options?: Prefixed): number {
    return this.run(() => this.#store.evict(tag, this.scope.within(options)))
  }

  expire(): number {
    return this.run(() => this.#store.expire())
  }

  cull(): number {
    return this.run(() => this.#store.cull())
  }

  clear(options?: Prefixed): number {
    return this.run(() => this.#store.clear(this.scope.within(options)))
  }

  check(options?: { fix?: boolean | undefined }): Problem[] {
    return this.run(() => this.#store.check(options))
  }

  stats(options?: { enable?: boolean | undefined; reset?: boolean | undefined }): Stats {
    return this.run(() => this.#store.stats(options))
  }

  volume(): number {
    return this.run(() => this.#store.volume())
  }

  /**
   * Ends this object, with both faces; the whole stays open, and so do other objects for the same namespace. What was
   * accepted is done all the same, but sources of `promises.write` that have not ended are aborted. A second call does
   * nothing.
   */
  close(): void {
    this.use.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** Runs an operation of the whole. Every operation begins with this. */
  protected run<T>(operation: () => T): T {
    this.use.enter()
    try {
      return operation()
    } catch (error) {
      throw ownError(error, this.scope.keys)
    }
  }

  /** Returns the string of a key. */
  protected text(key: K): string {
    return this.scope.keys.encode(key)
  }

  *#keys(texts: Iterable<string>): Generator<K, undefined, undefined> {
    for (const text of texts) {
      this.use.enter()
      const key = this.scope.keys.decode(text) as K | undefined
      if (key !== undefined) yield key
    }
  }

  *#entries(pairs: Iterable<[string, V]>): Generator<[K, V], undefined, undefined> {
    for (const [text, value] of pairs) {
      this.use.enter()
      const key = this.scope.keys.decode(text) as K | undefined
      if (key !== undefined) yield [key, value]
    }
  }
}
