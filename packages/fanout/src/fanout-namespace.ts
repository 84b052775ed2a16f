import { Memoizer } from '@diskcache/cache'
import {
  type Key,
  type Memoized,
  type MemoizeOptions,
  Namespace,
  type NamespaceOptions,
  type NamespaceScope,
  PromisesNamespace,
  type Store,
  type TransactingStore,
} from '@diskcache/core'

/** What a namespace asks of a cache: the contract, and `transact` of the promises. */
type Whole = Store & { readonly promises: TransactingStore }

/** A namespace of a `FanoutCache`, whose entries are spread over all shards. */
export class FanoutNamespace<K extends Key = Key, V = unknown> extends Namespace<K, V> {
  readonly #cache: Whole
  #memoizer: Memoizer | undefined
  #promises: PromisesNamespace<K, V> | undefined

  constructor(cache: Whole, scope: NamespaceScope) {
    super(cache, scope)
    this.#cache = cache
  }

  get promises(): PromisesNamespace<K, V> {
    this.#promises ??= new PromisesNamespace<K, V>(this, this.#cache.promises, this.scope, this.use)
    return this.#promises
  }

  namespace<NK extends Key = Key, NV = unknown>(
    name: string,
    options?: NamespaceOptions,
  ): FanoutNamespace<NK, NV> {
    this.use.enter()
    return within<NK, NV>(this.#cache, this.scope.nested(name, options))
  }

  memoize<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    options: MemoizeOptions<A, R>,
  ): Memoized<A, R> {
    this.use.enter()
    this.#memoizer ??= new Memoizer(this, within(this.#cache, this.scope.plain))
    return this.#memoizer.memoize(fn, options)
  }
}

/** Makes a namespace. A class that names itself is bundled under another name. */
function within<K extends Key, V>(cache: Whole, scope: NamespaceScope): FanoutNamespace<K, V> {
  return new FanoutNamespace<K, V>(cache, scope)
}
