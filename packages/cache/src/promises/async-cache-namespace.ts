import {
  type Abortable,
  type AsyncStore,
  checkBoolean,
  checkOptions,
  type Key,
  type KeyedEntry,
  type NamespaceOptions,
  type NamespaceScope,
  PromisesNamespace,
  type QueueOptions,
  type Store,
  type Synchronous,
  splitSignal,
  type WriteOptions,
} from '@diskcache/core'

/** What a namespace asks of the promises of a cache. */
export interface WholePromises<V> extends AsyncStore<string, V> {
  transact<T>(body: () => Synchronous<T>, options?: Abortable): Promise<T>
  rename(from: string, to: string, options?: Abortable): Promise<boolean>
  push(value: V, options: (QueueOptions & WriteOptions & Abortable) | undefined): Promise<number | string>
  pull(options: QueueOptions & Abortable): Promise<KeyedEntry<number | string, V> | undefined>
  peek(options: QueueOptions & Abortable): Promise<KeyedEntry<number | string, V> | undefined>
}

/** The synchronous face of a namespace, with what this one needs of it. */
interface SyncFace<K extends Key, V> extends Store<K, V> {
  namespace<NK extends Key = Key, NV = unknown>(
    name: string,
    options?: NamespaceOptions,
  ): { readonly promises: AsyncCacheNamespace<NK, NV> } & Store<NK, NV>
}

/** The promise face of a namespace of a `Cache`. */
export class AsyncCacheNamespace<K extends Key = Key, V = unknown> extends PromisesNamespace<K, V> {
  readonly #namespace: SyncFace<K, V>
  readonly #cache: WholePromises<V>

  constructor(
    namespace: SyncFace<K, V>,
    cache: WholePromises<V>,
    scope: NamespaceScope,
    use: ConstructorParameters<typeof PromisesNamespace>[3],
  ) {
    super(namespace, cache as unknown as WholePromises<unknown>, scope, use)
    this.#namespace = namespace
    this.#cache = cache
  }

  override namespace<NK extends Key = Key, NV = unknown>(
    name: string,
    options?: NamespaceOptions,
  ): AsyncCacheNamespace<NK, NV> {
    return this.#namespace.namespace<NK, NV>(name, options).promises
  }

  /** Gives a live entry another key, as `AsyncCache.rename` does. */
  rename(from: K, to: K, options?: Abortable): Promise<boolean> {
    return this.pass(() => this.#cache.rename(this.text(from), this.text(to), options))
  }

  /** Adds an item to a queue of this namespace, as `AsyncCache.push` does. */
  async push(value: V, options?: QueueOptions & WriteOptions & Abortable): Promise<number | string> {
    const push = this.scope.defaults.write(this.scope.queue(options))
    return this.scope.item(await this.run(() => this.#cache.push(value, push)))
  }

  /** Takes the item at an end of a queue of this namespace, as `AsyncCache.pull` does. */
  async pull(options?: QueueOptions & Abortable): Promise<KeyedEntry<number | string, V> | undefined> {
    return this.scope.keyed(await this.run(() => this.#cache.pull(this.scope.queue(options))))
  }

  /** Looks at the item at an end of a queue of this namespace, as `AsyncCache.peek` does. */
  async peek(options?: QueueOptions & Abortable): Promise<KeyedEntry<number | string, V> | undefined> {
    return this.scope.keyed(await this.run(() => this.#cache.peek(this.scope.queue(options))))
  }

  /** Resolves to the live entry of this namespace that was inserted last, or first, as `AsyncCache.peekItem` does. */
  async peekItem(
    options: { last?: boolean | undefined } & Abortable = {},
  ): Promise<KeyedEntry<K, V> | undefined> {
    const [signal, peek] = splitSignal(options)
    checkOptions('the options of peekItem', peek, ['last'])
    const { last = true } = peek
    for await (const key of this.keys({ reverse: checkBoolean('last', last), signal })) {
      const entry = await this.getEntry(key)
      if (entry !== undefined) return { key, ...entry }
    }
    return undefined
  }
}
