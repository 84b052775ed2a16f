import { checkFunction } from '../checks/argument-check.ts'
import type { Abortable, AsyncStore } from '../contract/async-store.ts'
import type { Key, Synchronous } from '../contract/entry.ts'
import type { NamespaceOptions } from '../contract/namespace-options.ts'
import type { Store } from '../contract/store.ts'
import { AsyncNamespace } from './async-namespace.ts'
import type { NamespaceScope } from './namespace-scope.ts'
import type { NamespaceUse } from './namespace-use.ts'

/** The promise face of a store that has transactions. */
export interface TransactingStore extends AsyncStore {
  /** Runs a synchronous body as one transaction, when everything before it is done. */
  transact<T>(body: () => Synchronous<T>, options?: Abortable): Promise<T>
}

/** The promise face of a namespace of a `Store`. */
export class PromisesNamespace<K extends Key = Key, V = unknown> extends AsyncNamespace<K, V> {
  readonly #namespace: Store<K, V>
  readonly #promises: TransactingStore
  readonly #use: NamespaceUse

  /** Takes the synchronous face of the namespace, and the promises of the whole. */
  constructor(namespace: Store<K, V>, promises: TransactingStore, scope: NamespaceScope, use: NamespaceUse) {
    super(promises, scope, use)
    this.#namespace = namespace
    this.#promises = promises
    this.#use = use
  }

  override namespace<NK extends Key = Key, NV = unknown>(
    name: string,
    options?: NamespaceOptions,
  ): AsyncStore<NK, NV> {
    return this.#namespace.namespace<NK, NV>(name, options).promises
  }

  /**
   * Runs a synchronous body as one transaction of the whole, as its promise face does, and resolves to what the body
   * returns. The body gets the synchronous face of the namespace.
   *
   * @throws TypeError, DiskCacheError as that of the whole does
   */
  async transact<T>(body: (store: Store<K, V>) => Synchronous<T>, options?: Abortable): Promise<T> {
    this.#use.enter()
    checkFunction('body', body)
    return this.#promises.transact<T>(() => body(this.#namespace), options)
  }
}
