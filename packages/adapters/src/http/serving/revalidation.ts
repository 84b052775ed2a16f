import { AsyncLocalStorage } from 'node:async_hooks'
import type { Exchange } from '../exchange/exchange.ts'
import type { CacheRequest } from '../rules/cache-request.ts'
import { selectingHeaders } from '../rules/selection.ts'
import type { StoreBreaker } from '../storing/store-breaker.ts'
import type { Flight } from '../waiting/collapse.ts'

/** The time in milliseconds that the application may take for one revalidation. */
const MAX_REVALIDATION_MS = 60_000

/**
 * Asks the application anew, in the background, through the whole of its own stack: as if a client without a name had
 * sent the request. Of the request that gave occasion to it nothing is taken over but what selects the response.
 */
export class Revalidation {
  readonly #breaker: StoreBreaker
  /** The flights of the requests that were made here, until they arrive at the cache. */
  readonly #flights = new Map<object, Flight>()
  readonly #stop = new AbortController()
  /** Runs a function outside of the context of any request, which an application may keep in `AsyncLocalStorage`. */
  readonly #outside = AsyncLocalStorage.snapshot()

  constructor(breaker: StoreBreaker) {
    this.#breaker = breaker
  }

  /** Returns the flight that a request was made for, to be ended by the caller; `undefined` for requests of others. */
  take(key: object): Flight | undefined {
    const flight = this.#flights.get(key)
    this.#flights.delete(key)
    return flight
  }

  /** Ends the revalidations that are under way. */
  stop(): void {
    this.#stop.abort()
  }

  /** Asks the application for a response anew. Resolves when the application has answered, or did not in time. */
  async run(
    again: NonNullable<Exchange['again']>,
    request: CacheRequest,
    names: readonly string[],
    flight: Flight,
  ): Promise<void> {
    const own = again(headersFor(request, names))
    this.#flights.set(own.key, flight)
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(MAX_REVALIDATION_MS)])
    try {
      await this.#outside(() => own.send(signal))
    } catch (error) {
      this.#breaker.tell(error)
    } finally {
      // Middleware before the cache may have answered.
      this.take(own.key)?.end('alone')
    }
  }
}

/** Returns the fields that say what kind of answer is wanted, and select it; none that tells who wants it. */
function headersFor(request: CacheRequest, names: readonly string[]): Record<string, string> {
  const { accept } = request.headers
  return { ...(accept === undefined ? {} : { accept }), ...selectingHeaders(names, request) }
}
