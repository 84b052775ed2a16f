import { AsyncLocalStorage } from 'node:async_hooks'
import { LRUCache } from 'lru-cache'
import type { Exchange } from '../exchange/exchange.ts'
import { wantedFields } from '../fields/wanted-fields.ts'
import type { CacheRequest } from '../rules/cache-request.ts'
import { selectingHeaders } from '../rules/selection.ts'
import { urlOf } from '../rules/target/target.ts'
import type { Found } from '../storing/response-store.ts'
import type { StoreAccess } from '../storing/store-access.ts'
import type { Flight, Outcome } from '../waiting/collapse.ts'

/** The time in milliseconds that the application may take for one revalidation. */
const MAX_REVALIDATION_MS = 60_000

/** How long nobody tries again after a revalidation that failed, in milliseconds. */
const REST_MS = 2_000

/** How many responses are remembered whose revalidation failed. */
const MAX_FAILED = 10_000

/** What this cache says that it is: an application may choose by it, or take a request without it for a mistake. */
const USER_AGENT = 'diskcache'

/** What the channel of errors is told of an outcome. */
const FAILURES: Readonly<Partial<Record<Outcome, string>>> = {
  failed: 'the application failed',
  alone: 'the answer could not be stored, or middleware before the cache gave it',
}

/**
 * Runs a function outside of the context of any request, which an application may keep in `AsyncLocalStorage`. Taken when
 * this is loaded: a cache may be made when the first request comes, in the context of that one.
 */
const outside = AsyncLocalStorage.snapshot()

/** A request of nobody, on its way to the cache. */
export interface Renewing {
  readonly flight: Flight
  /** The fields by which the variants of its URL are told apart. */
  readonly names: readonly string[]
  /** The URL of the other request as which it came, if so. */
  cameAs?: string
}

/**
 * Asks the application anew, in the background, through the whole of its own stack: as if a client without a name had
 * sent the request. Of the request that gave occasion to it nothing is taken over but what selects the response: what kind of
 * answer is wanted says the one that the stored response was made for, or whoever comes first could choose what makes the
 * application fail.
 */
export class Revalidation {
  readonly #access: StoreAccess
  /** The requests that were made here, until they arrive at the cache. */
  readonly #renewing = new Map<object, Renewing>()
  readonly #stop = new AbortController()
  /** Those whose last revalidation failed. Without a resolution there is no timer. */
  readonly #failed = new LRUCache<string, true>({ max: MAX_FAILED, ttl: REST_MS, ttlResolution: 0 })

  constructor(access: StoreAccess) {
    this.#access = access
  }

  /** Returns what a request was made for, with a flight to be ended by the caller; `undefined` for requests of others. */
  take(key: object): Renewing | undefined {
    const renewing = this.#renewing.get(key)
    this.#renewing.delete(key)
    return renewing
  }

  /** Ends the flight of a request that has come as another than it was sent: its answer is not the one that was wanted. */
  reject(renewing: Renewing, { target }: CacheRequest): void {
    renewing.cameAs = urlOf(target)
    renewing.flight.end('alone')
  }

  /** Returns whether the last revalidation of this id failed a moment ago. */
  isResting(id: string): boolean {
    return this.#failed.has(id)
  }

  /** Ends the revalidations that are under way. */
  stop(): void {
    this.#stop.abort()
  }

  /**
   * Asks the application for a response anew. Resolves when the response is stored, or will not be; that is told, and nobody
   * tries again for a moment.
   */
  async run(
    again: NonNullable<Exchange['again']>,
    request: CacheRequest,
    found: Found,
    flight: Flight,
  ): Promise<void> {
    const own = again(headersFor(request, found), request.target)
    const renewing: Renewing = { flight, names: found.names }
    this.#renewing.set(own.key, renewing)
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(MAX_REVALIDATION_MS)])
    try {
      await outside(() => own.send(signal))
    } catch (error) {
      this.#access.tell(error)
    } finally {
      // Middleware before the cache may have answered.
      this.take(own.key)?.flight.end('alone')
    }
    // A handler that hangs would never end it.
    if (signal.aborted) flight.end('alone')
    const outcome = await flight.outcome
    this.#heed(signal.aborted ? 'failed' : outcome, request, renewing)
  }

  #heed(outcome: Outcome, { target }: CacheRequest, { flight, cameAs }: Renewing): void {
    const url = urlOf(target)
    const failure = cameAs === undefined ? FAILURES[outcome] : astray(cameAs, url)
    if (failure === undefined || this.#stop.signal.aborted) return
    this.#failed.set(flight.id, true)
    this.#access.tell(new Error(`Cannot revalidate the stored response of ${url}: ${failure}`))
  }
}

/** Returns what the channel is told of a request that something before the cache has made another of. */
function astray(cameAs: string, url: string): string {
  return `the request came to the cache as one ${cameAs === url ? 'for another variant' : `of ${cameAs}`}`
}

/** Returns the fields that say what kind of answer is wanted, and select it; none that tells who wants it. */
function headersFor(request: CacheRequest, { row, names }: Found): Record<string, string> {
  const wanted = wantedFields(row.wanted ?? request.headers)
  return { 'user-agent': USER_AGENT, ...wanted, ...selectingHeaders(names, request) }
}
