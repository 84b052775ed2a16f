import { abortable, errorChannel } from '@diskcache/core'

/** Stands for an operation of the store that failed, or took too long. */
export const FAILED: unique symbol = Symbol('failed')

/** The time in milliseconds for which the cache is left alone after an operation that took too long. */
const OPEN_MS = 1_000

/** Keeps a store that fails from failing the application. What the store throws goes to the channel of errors. */
export class StoreBreaker {
  readonly #store: string | undefined
  readonly #limit: number
  readonly #onError: (error: unknown) => void
  /** When the cache may be used again, by the process's own clock, `performance.now()`. */
  #restUntil = 0

  /**
   * Makes a breaker that calls the store `store` on the channel, tells `onError`, too, and waits `limit` milliseconds for
   * an operation.
   */
  constructor(store: string | undefined, limit: number, onError: (error: unknown) => void = () => {}) {
    this.#store = store
    this.#limit = limit
    this.#onError = onError
  }

  /** Whether a request should do without the cache, because the last one waited for it in vain. */
  get isOpen(): boolean {
    return performance.now() < this.#restUntil
  }

  /** Returns what the operation returns, or `FAILED` when it throws, or does not end within `limit` milliseconds. */
  async attempt<T>(
    operation: (signal: AbortSignal) => Promise<T>,
    limit = this.#limit,
  ): Promise<T | typeof FAILED> {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(this.#timeout(limit)), limit)
    try {
      return await abortable(operation(controller.signal), controller.signal)
    } catch (error) {
      this.tell(error)
      return FAILED
    } finally {
      clearTimeout(timer)
    }
  }

  tell(error: unknown): void {
    this.#onError(error)
    if (errorChannel.hasSubscribers) errorChannel.publish({ store: this.#store, reason: 'failed', error })
  }

  #timeout(limit: number): Error {
    this.#restUntil = performance.now() + OPEN_MS
    return new Error(`Cannot use the response cache: it did not answer within ${limit} ms`)
  }
}
