import {
  type AsyncStore,
  breakerOf,
  hasCode,
  Patience,
  type PatienceOptions,
  type StoreBreaker,
  tellFailure,
} from '@diskcache/core'

/** Stands for an operation of the store that failed, took too long, or was not tried since the store is away. */
export const FAILED: unique symbol = Symbol('failed')

/** How a store is used. */
export interface StoreAccessOptions extends PatienceOptions {
  /** What the channel calls the store. */
  readonly name: string | undefined
  /** Told of what the store fails with. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** Keeps a store that fails from failing the application. What the store throws goes to the channel of errors. */
export class StoreAccess {
  readonly #breaker: StoreBreaker
  readonly #options: StoreAccessOptions
  #isClosed = false

  constructor(store: AsyncStore, options: StoreAccessOptions) {
    this.#breaker = breakerOf(store)
    this.#options = options
  }

  /** Whether the application has closed the cache: nothing more is to be stored. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** From now on, it is no failure that the store is closed. */
  close(): void {
    this.#isClosed = true
  }

  /** Whether requests should do without the cache. */
  get isAway(): boolean {
    return this.#breaker.isOpen('read')
  }

  /** Whether nothing can be stored, though perhaps read. */
  get isBusy(): boolean {
    return this.#breaker.isOpen('write')
  }

  /** Returns what an operation that reads for a request returns, or `FAILED`. The signal fires when it is too late. */
  async read<T>(operation: (signal: AbortSignal) => Promise<T>): Promise<T | typeof FAILED> {
    const controller = new AbortController()
    const terms = { access: 'read', patience: new Patience(this.#options) } as const
    try {
      return await this.#breaker.run(terms, () => operation(controller.signal))
    } catch (error) {
      controller.abort(error)
      this.tell(error)
      return FAILED
    }
  }

  /** Returns what an operation that writes returns, or `FAILED`, after so many milliseconds at the latest. */
  async write<T>(
    operation: (signal: AbortSignal | undefined) => Promise<T>,
    storeTimeout = this.#options.storeTimeout,
  ): Promise<T | typeof FAILED> {
    const terms = { access: 'write', patience: new Patience({ storeTimeout }) } as const
    return this.#settle(this.#breaker.run(terms, operation))
  }

  /** Carries out an operation that others depend on: it goes on when it takes too long for the caller. */
  async see<T>(operation: () => Promise<T>): Promise<T | typeof FAILED> {
    const terms = { access: 'write', patience: new Patience(this.#options), isDue: true } as const
    return this.#settle(this.#breaker.run(terms, operation))
  }

  /** Reads as long as the store is not away. */
  wait<T>(signal: AbortSignal, operation: () => Promise<T>): Promise<T> {
    return this.#breaker.run({ access: 'read', signal }, operation)
  }

  tell(error: unknown): void {
    if (this.#isClosed && hasCode(error, 'ERR_DISKCACHE_CLOSED')) return
    const { name, onError } = this.#options
    // One line in a log says that a store is away, and not one for each request.
    if (!hasCode(error, 'ERR_DISKCACHE_UNAVAILABLE')) onError?.(error)
    tellFailure({ store: name }, error)
  }

  async #settle<T>(result: Promise<T>): Promise<T | typeof FAILED> {
    try {
      return await result
    } catch (error) {
      this.tell(error)
      return FAILED
    }
  }
}
