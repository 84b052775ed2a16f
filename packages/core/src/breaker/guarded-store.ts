import type { Abortable } from '../contract/async-store.ts'
import type { Change, Entry, Key, WriteOptions } from '../contract/entry.ts'
import type { GetOptions } from '../contract/operation-options.ts'
import type { RecipeStore } from '../stores/recipe-store.ts'
import type { Patience } from './patience.ts'
import { breakerOf, type StoreBreaker } from './store-breaker.ts'

/** The operations of a store, through its breaker. */
export class GuardedStore {
  readonly #store: RecipeStore
  readonly #breaker: StoreBreaker
  readonly #patience: Patience | undefined

  constructor(store: RecipeStore, patience: Patience | undefined) {
    this.#store = store
    this.#breaker = breakerOf(store)
    this.#patience = patience
  }

  /** Reads, as the method of the store does. */
  get(key: Key, options: GetOptions & Abortable = {}): Promise<unknown> {
    const { signal } = options
    const terms = { access: 'read', patience: this.#patience, signal } as const
    return this.#breaker.run(terms, () => this.#store.get(key, options))
  }

  /** Writes, as the method of the store does. */
  set(key: Key, value: unknown, options: WriteOptions & Abortable = {}): Promise<boolean> {
    return this.#write(options, (signal) => this.#store.set(key, value, { ...options, signal }))
  }

  /** Changes an entry, as the method of the store does. */
  update(
    key: Key,
    change: (entry: Entry<unknown> | undefined, now: number) => Change<unknown>,
    options: Abortable = {},
  ): Promise<Entry<unknown> | undefined> {
    return this.#write(options, (signal) => this.#store.update(key, change, { signal }))
  }

  /** Removes an entry, as the method of the store does. */
  delete(key: Key, options: Abortable = {}): Promise<boolean> {
    return this.#write(options, (signal) => this.#store.delete(key, { signal }))
  }

  #write<T>({ signal }: Abortable, operation: (signal: AbortSignal | undefined) => Promise<T>): Promise<T> {
    return this.#breaker.run({ access: 'write', patience: this.#patience, signal }, operation)
  }
}

/**
 * Returns the operations of a store, as one call uses them: they reject when its patience is over, or the store is away.
 * Without patience they wait while the store is busy, however long, and reject when it is away.
 */
export function guarded(store: RecipeStore, patience?: Patience): GuardedStore {
  return new GuardedStore(store, patience)
}
