import {
  checkBoolean,
  checkOptions,
  type Key,
  type KeyedEntry,
  type Memoized,
  type MemoizeOptions,
  Namespace,
  type NamespaceOptions,
  type NamespaceScope,
  type QueueOptions,
  type Store,
  type WriteOptions,
} from '@diskcache/core'
import { Memoizer } from './operations/memoize.ts'
import { AsyncCacheNamespace, type WholePromises } from './promises/async-cache-namespace.ts'

/** What a namespace asks of a cache. */
interface Whole<V> extends Store<string, V> {
  readonly promises: WholePromises<V>
  rename(from: string, to: string): boolean
  push(value: V, options: (QueueOptions & WriteOptions) | undefined): number | string
  pull(options: QueueOptions): KeyedEntry<number | string, V> | undefined
  peek(options: QueueOptions): KeyedEntry<number | string, V> | undefined
}

/**
 * A namespace of a `Cache`, with queues of its own.
 *
 * @example
 * ```ts
 * import { Cache } from '@diskcache/cache'
 *
 * using cache = new Cache('cache-directory')
 * const users = cache.namespace('users')
 * users.set(42, 'Ada')
 * users.get(42) // → 'Ada'
 * users.push('a job') // → 500000000000000
 * users.pull()?.value // → 'a job'
 * ```
 */
export class CacheNamespace<K extends Key = Key, V = unknown> extends Namespace<K, V> {
  readonly #cache: Whole<V>
  #memoizer: Memoizer | undefined
  #promises: AsyncCacheNamespace<K, V> | undefined

  constructor(cache: Whole<V>, scope: NamespaceScope) {
    super(cache as unknown as Store, scope)
    this.#cache = cache
  }

  get promises(): AsyncCacheNamespace<K, V> {
    this.#promises ??= new AsyncCacheNamespace<K, V>(this, this.#cache.promises, this.scope, this.use)
    return this.#promises
  }

  namespace<NK extends Key = Key, NV = unknown>(
    name: string,
    options?: NamespaceOptions,
  ): CacheNamespace<NK, NV> {
    this.use.enter()
    return within<NK, NV>(this.#cache as unknown as Whole<NV>, this.scope.nested(name, options))
  }

  memoize<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    options: MemoizeOptions<A, R>,
  ): Memoized<A, R> {
    this.use.enter()
    this.#memoizer ??= new Memoizer(this, within(this.#cache, this.scope.plain))
    return this.#memoizer.memoize(fn, options)
  }

  /** Gives a live entry another key, as `Cache.rename` does. */
  rename(from: K, to: K): boolean {
    return this.run(() => this.#cache.rename(this.text(from), this.text(to)))
  }

  /** Adds an item to a queue of this namespace, as `Cache.push` does. */
  push(value: V, options?: QueueOptions & WriteOptions): number | string {
    const push = this.scope.defaults.write(this.scope.queue(options))
    return this.scope.item(this.run(() => this.#cache.push(value, push)))
  }

  /** Takes the item at an end of a queue of this namespace, as `Cache.pull` does. */
  pull(options?: QueueOptions): KeyedEntry<number | string, V> | undefined {
    return this.scope.keyed(this.run(() => this.#cache.pull(this.scope.queue(options))))
  }

  /** Looks at the item at an end of a queue of this namespace, as `Cache.peek` does. */
  peek(options?: QueueOptions): KeyedEntry<number | string, V> | undefined {
    return this.scope.keyed(this.run(() => this.#cache.peek(this.scope.queue(options))))
  }

  /** Returns the live entry of this namespace that was inserted last, or first, as `Cache.peekItem` does. */
  peekItem(options: { last?: boolean | undefined } = {}): KeyedEntry<K, V> | undefined {
    this.use.enter()
    checkOptions('the options of peekItem', options, ['last'])
    const { last = true } = options
    for (const key of this.keys({ reverse: checkBoolean('last', last) })) {
      const entry = this.getEntry(key)
      if (entry !== undefined) return { key, ...entry }
    }
    return undefined
  }
}

/** Makes a namespace. A class that names itself is bundled under another name. */
function within<K extends Key, V>(cache: Whole<V>, scope: NamespaceScope): CacheNamespace<K, V> {
  return new CacheNamespace<K, V>(cache, scope)
}
