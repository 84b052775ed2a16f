import type { Readable } from 'node:stream'
import { isOptions } from '../checks/argument-check.ts'
import { type RecipeHint, refuseGetOrSet } from '../checks/recipe-hint.ts'
import type { Abortable, AsyncStore } from '../contract/async-store.ts'
import type { AsyncCapabilities } from '../contract/capabilities.ts'
import type {
  Change,
  CounterKey,
  CounterOptions,
  Entry,
  Key,
  TagChoice,
  Ttl,
  WriteOptions,
} from '../contract/entry.ts'
import { DEFAULT_TTL } from '../contract/hooks/default-ttl.ts'
import { EXPECT_ABSENT } from '../contract/hooks/expect-absent.ts'
import { STORE_FILES, type StoreFiles } from '../contract/hooks/store-files.ts'
import { STORE_LISTING, type StoreListing } from '../contract/hooks/store-listing.ts'
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
import type { RecipeStore } from '../stores/recipe-store.ts'
import { STORE_PART, type StorePart, storePart } from '../stores/store-part.ts'
import { NamespaceListing } from './namespace-listing.ts'
import type { NamespaceScope } from './namespace-scope.ts'
import { NamespaceUse } from './namespace-use.ts'
import { ownError } from './own-error.ts'

type Prefixed = { prefix?: string | undefined } & Abortable

/**
 * A namespace of an `AsyncStore`: a store of its own to those who use it, whose entries are entries of the whole, under
 * strings that begin with its name. `stats`, `expire`, `cull`, `check` and `volume` concern the whole.
 */
export class AsyncNamespace<K extends Key = Key, V = unknown> implements AsyncStore<K, V> {
  readonly #store: AsyncStore<string, V> & RecipeStore
  /** What the namespace is. */
  protected readonly scope: NamespaceScope
  readonly #use: NamespaceUse
  readonly #writing = new Set<Promise<unknown>>()
  #part: StorePart | undefined

  /** See {@link AsyncStore.waitFor}. */
  declare readonly waitFor?: (keys: readonly K[], options: { signal: AbortSignal }) => Promise<void>
  /** See {@link AsyncStore.changeCount}. It is that of the whole. */
  declare readonly changeCount?: () => number | undefined

  readonly #fail = (error: unknown): never => {
    throw ownError(error, this.scope.keys)
  }

  /** Takes the whole store, and which of its entries are meant. */
  constructor(store: AsyncStore, scope: NamespaceScope, use = new NamespaceUse()) {
    this.#store = store as AsyncStore<string, V>
    this.scope = scope
    this.#use = use
    if (store.waitFor !== undefined) this.waitFor = (keys, options) => this.#waitFor(keys, options)
    if (store.changeCount !== undefined) this.changeCount = () => this.#changeCount()
  }

  get capabilities(): AsyncCapabilities {
    return this.#store.capabilities
  }

  get inTransaction(): boolean {
    return this.#store.inTransaction === true
  }

  /** Of what it is a part, for recipes. */
  get [STORE_PART](): StorePart {
    this.#part ??= storePart(this.#store, this.scope.keys.prefix)
    return this.#part
  }

  /** The files of the whole, for recipes. */
  get [STORE_FILES](): StoreFiles | undefined {
    const files = this.#store[STORE_FILES]
    if (files === undefined) return undefined
    return {
      look: (key) => files.look(this.text(key as K)),
      onReplaced: (key, listener) => files.onReplaced(this.text(key as K), listener),
    }
  }

  /** What the whole tells of the entries of the namespace, if it tells anything. */
  get [STORE_LISTING](): StoreListing | undefined {
    const whole = (this.#store as { readonly [STORE_LISTING]?: StoreListing })[STORE_LISTING]
    return whole && new NamespaceListing(whole, this.scope.keys, () => this.count())
  }

  /** The time to live of writes that give none, for recipes. */
  get [DEFAULT_TTL](): Ttl | undefined {
    return this.scope.defaults.ttl ?? this.#store[DEFAULT_TTL]
  }

  /** Tells the whole of rows of recipes that are probably not there. */
  [EXPECT_ABSENT](key: Key): void {
    this.#store[EXPECT_ABSENT]?.(this.text(key as K))
  }

  /** Returns a namespace within this one, which has its defaults unless it is given others. */
  namespace<NK extends Key = Key, NV = unknown>(
    name: string,
    options?: NamespaceOptions,
  ): AsyncStore<NK, NV> {
    this.#use.enter()
    return within<NK, NV>(this.#store as AsyncStore, this.scope.nested(name, options))
  }

  count(options?: Prefixed): Promise<number> {
    return this.pass(() => this.#store.count(this.scope.within(options)))
  }

  get(key: K, options?: GetOptions & Abortable): Promise<V | undefined> {
    return this.run(() => this.#store.get(this.text(key), options))
  }

  getEntry(key: K, options?: GetOptions & Abortable): Promise<Entry<V> | undefined> {
    return this.run(() => this.#store.getEntry(this.text(key), options))
  }

  getMany(keys: Iterable<K>, options?: Abortable): Promise<(V | undefined)[]> {
    return this.run(() => this.#store.getMany(this.scope.texts(keys), options))
  }

  getEntries(keys: Iterable<K>, options?: Abortable): Promise<(Entry<V> | undefined)[]> {
    return this.run(() => this.#store.getEntries(this.scope.texts(keys), options))
  }

  has(key: K, options?: Abortable): Promise<boolean> {
    return this.pass(() => this.#store.has(this.text(key), options))
  }

  hasMany(keys: Iterable<K>, options?: Abortable): Promise<boolean[]> {
    return this.pass(() => this.#store.hasMany(this.scope.texts(keys), options))
  }

  set(key: K, value: V, options?: WriteOptions & Abortable): Promise<boolean> {
    return this.pass(() => this.#store.set(this.text(key), value, this.scope.defaults.write(options)))
  }

  setMany(
    entries: Iterable<readonly [K, V, WriteOptions?]>,
    options?: WriteOptions & Abortable,
  ): Promise<boolean[]> {
    return this.run(() =>
      this.#store.setMany(this.scope.entries(entries), this.scope.defaults.write(options)),
    )
  }

  add(key: K, value: V, options?: WriteOptions & Abortable): Promise<boolean> {
    return this.pass(() => this.#store.add(this.text(key), value, this.scope.defaults.write(options)))
  }

  update(
    key: K,
    change: (entry: Entry<V> | undefined, now: number) => Change<V>,
    options?: Abortable,
  ): Promise<Entry<V> | undefined> {
    return this.run(() => this.#store.update(this.text(key), this.scope.defaults.change(change), options))
  }

  incr(key: CounterKey<K, V>, delta?: number, options?: CounterOptions & Abortable): Promise<number> {
    return this.run(() => {
      const text = this.text(key as K) as CounterKey<string, V>
      return this.#store.incr(text, delta, this.scope.defaults.write(options))
    })
  }

  decr(key: CounterKey<K, V>, delta?: number, options?: CounterOptions & Abortable): Promise<number> {
    return this.run(() => {
      const text = this.text(key as K) as CounterKey<string, V>
      return this.#store.decr(text, delta, this.scope.defaults.write(options))
    })
  }

  touch(key: K, options: { ttl: Ttl } & Abortable): Promise<boolean> {
    return this.pass(() => this.#store.touch(this.text(key), options))
  }

  delete(key: K, options?: Abortable): Promise<boolean> {
    return this.pass(() => this.#store.delete(this.text(key), options))
  }

  deleteMany(keys: Iterable<K>, options?: Abortable): Promise<boolean[]> {
    return this.pass(() => this.#store.deleteMany(this.scope.texts(keys), options))
  }

  pop(key: K, options?: Abortable): Promise<V | undefined> {
    return this.run(() => this.#store.pop(this.text(key), options))
  }

  popEntry(key: K, options?: Abortable): Promise<Entry<V> | undefined> {
    return this.run(() => this.#store.popEntry(this.text(key), options))
  }

  read(key: K, options?: ReadOptions & Abortable): Promise<Readable | undefined> {
    return this.run(() => this.#store.read(this.text(key), options))
  }

  readEntry(key: K, options?: ReadOptions & Abortable): Promise<StreamedEntry | undefined> {
    return this.run(() => this.#store.readEntry(this.text(key), options))
  }

  write(key: K, source: ByteSource, options?: StreamWriteOptions & Abortable): Promise<boolean> {
    return this.pass(() => {
      const write = this.#untilClosed(this.scope.defaults.write(options))
      const writing = this.#store.write(this.text(key), source, write)
      const forget = () => this.#writing.delete(writing)
      this.#writing.add(writing)
      writing.then(forget, forget)
      return writing
    })
  }

  keys(options?: IterateOptions & Abortable): AsyncIterableIterator<K> {
    this.#use.enter()
    return this.#keys(this.#store.keys(this.scope.within(options)))
  }

  values(options?: IterateOptions & Abortable): AsyncIterableIterator<V> {
    return this.#values(this.entries(options))
  }

  entries(options?: IterateOptions & Abortable): AsyncIterableIterator<[K, V]> {
    this.#use.enter()
    return this.#entries(this.#store.entries(this.scope.within(options)))
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<[K, V]> {
    return this.entries()
  }

  /**
   * Rejects: `getOrSet` is a function of `@diskcache/recipes`, which is a package of its own, and takes any store.
   *
   * @throws TypeError that says how to call it
   * @deprecated Install it with `npm install @diskcache/recipes`, `import { getOrSet } from '@diskcache/recipes'`, and
   * call `getOrSet(store, key, make)`.
   * @hidden
   */
  async getOrSet(this: RecipeHint, ..._args: unknown[]): Promise<unknown> {
    return refuseGetOrSet()
  }

  evict(tag: TagChoice, options?: Prefixed): Promise<number> {
    return this.pass(() => this.#store.evict(tag, this.scope.within(options)))
  }

  expire(options?: Abortable): Promise<number> {
    return this.pass(() => this.#store.expire(options))
  }

  cull(options?: Abortable): Promise<number> {
    return this.pass(() => this.#store.cull(options))
  }

  clear(options?: Prefixed): Promise<number> {
    return this.pass(() => this.#store.clear(this.scope.within(options)))
  }

  check(options?: { fix?: boolean | undefined } & Abortable): Promise<Problem[]> {
    return this.pass(() => this.#store.check(options))
  }

  stats(options?: { enable?: boolean | undefined; reset?: boolean | undefined } & Abortable): Promise<Stats> {
    return this.pass(() => this.#store.stats(options))
  }

  volume(options?: Abortable): Promise<number> {
    return this.pass(() => this.#store.volume(options))
  }

  /**
   * Ends this object, with both faces; the whole stays open, and so do other objects for the same namespace. What was
   * accepted is done all the same, but sources of `write` that have not ended are aborted. A second call does nothing.
   */
  async close(): Promise<void> {
    this.#use.close()
    await Promise.allSettled(this.#writing)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Carries out an operation of the whole whose errors may name a key. */
  protected run<T>(operation: () => Promise<T>): Promise<T> {
    return this.pass(operation).then(undefined, this.#fail)
  }

  /** Carries out one whose errors name none, of which the promise is handed on as it is. */
  protected pass<T>(operation: () => Promise<T>): Promise<T> {
    try {
      this.#use.enter()
      return operation()
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Returns the string of a key. */
  protected text(key: K): string {
    return this.scope.keys.encode(key)
  }

  /** Returns options with a signal that {@link close} aborts, too; what is none as it is, for the whole, which refuses it. */
  #untilClosed<O extends Abortable>(options: O | undefined): O {
    if (!isOptions(options)) return options
    return { ...(options as O), signal: this.#use.untilClosed((options as O | undefined)?.signal) }
  }

  async #waitFor(keys: readonly K[], options: { signal: AbortSignal }): Promise<void> {
    this.#use.enter()
    const texts = this.scope.texts(keys)
    if (options?.signal === undefined) throw new TypeError('Cannot wait: signal is missing')
    return this.#store.waitFor?.(texts, { ...options, signal: this.#use.untilClosed(options.signal) })
  }

  #changeCount(): number | undefined {
    this.#use.enter()
    return this.#store.changeCount?.()
  }

  async *#keys(texts: AsyncIterable<string>): AsyncGenerator<K, undefined, undefined> {
    for await (const text of texts) {
      this.#use.enter()
      const key = this.scope.keys.decode(text) as K | undefined
      if (key !== undefined) yield key
    }
  }

  async *#entries(pairs: AsyncIterable<[string, V]>): AsyncGenerator<[K, V], undefined, undefined> {
    for await (const [text, value] of pairs) {
      this.#use.enter()
      const key = this.scope.keys.decode(text) as K | undefined
      if (key !== undefined) yield [key, value]
    }
  }

  async *#values(pairs: AsyncIterable<[K, V]>): AsyncGenerator<V, undefined, undefined> {
    for await (const [, value] of pairs) yield value
  }
}

/** Makes a namespace. A class that names itself is bundled under another name. */
function within<K extends Key, V>(store: AsyncStore, scope: NamespaceScope): AsyncStore<K, V> {
  return new AsyncNamespace<K, V>(store, scope)
}
