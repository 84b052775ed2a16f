import {
  type Abortable,
  type Access,
  type AsyncStore,
  breakerOf,
  checkPatience,
  Patience,
  type PatienceOptions,
  type RecipeStore,
  type StoreHealth,
  storeHealth,
} from '@diskcache/core'

type Operation<S, T> = (store: S, options: Abortable) => Promise<T>

/** A store as an adapter uses it: for each operation it waits for so long, and not at all while the store is away. */
export class PatientStore<S extends RecipeStore = AsyncStore> {
  readonly #store: S
  readonly #options: PatienceOptions

  /** @throws TypeError, RangeError for an illegal `storeTimeout` */
  constructor(store: S, { storeTimeout }: PatienceOptions) {
    checkPatience({ storeTimeout })
    this.#store = store
    this.#options = { storeTimeout }
  }

  /** Carries out an operation that reads. Rejects with `ERR_DISKCACHE_UNAVAILABLE` at once while the store is away. */
  read<T>(operation: Operation<S, T>): Promise<T> {
    return this.#attempt('read', operation)
  }

  /** Carries out an operation that writes. Rejects with `ERR_DISKCACHE_UNAVAILABLE` at once while that cannot be done. */
  write<T>(operation: Operation<S, T>): Promise<T> {
    return this.#attempt('write', operation)
  }

  /** Carries out one that takes its time, such as listing everything: as long as the store is not away. */
  readMuch<T>(operation: Operation<S, T>): Promise<T> {
    return breakerOf(this.#store).run({ access: 'read' }, (signal) => operation(this.#store, { signal }))
  }

  /**
   * Carries out one that takes its time, such as removing everything: as long as the store is not away, and the caller's
   * signal is not aborted.
   */
  writeMuch<T>(operation: Operation<S, T>, { signal: own }: Abortable = {}): Promise<T> {
    const terms = { access: 'write', signal: own } as const
    return breakerOf(this.#store).run(terms, (signal) => operation(this.#store, { signal }))
  }

  /** Returns how the store does, as far as this process has noticed. */
  health(): StoreHealth {
    return storeHealth(this.#store)
  }

  #attempt<T>(access: Access, operation: Operation<S, T>): Promise<T> {
    const terms = { access, patience: new Patience(this.#options) }
    return breakerOf(this.#store).run(terms, (signal) => operation(this.#store, { signal }))
  }
}
