import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request } from 'express'
import type { CacheRequest } from '../http/rules/cache-request.ts'
import { selectingHeaders } from '../http/rules/selection.ts'
import type { StoreBreaker } from '../http/storing/store-breaker.ts'
import type { Flight } from '../http/waiting/collapse.ts'
import { syntheticExchange } from './synthetic-exchange.ts'

/** The time in milliseconds that the application may take for one revalidation. */
const MAX_REVALIDATION_MS = 60_000

type Application = ((req: IncomingMessage, res: ServerResponse) => unknown) & { parent?: Application }

/**
 * Asks the application anew, in the background, through the whole of its own stack: as if a client without a name had
 * sent the request. Of the request that gave occasion to it nothing is taken over but what selects the response.
 */
export class Revalidation {
  readonly #breaker: StoreBreaker
  /** The flights of the requests that were made here, until they arrive at the cache. */
  readonly #flights = new Map<Request, Flight>()
  /** Responses that nobody waits for. */
  readonly #running = new Set<ServerResponse>()
  /** Runs a function outside of the context of any request, which an application may keep in `AsyncLocalStorage`. */
  readonly #outside = AsyncLocalStorage.snapshot()

  constructor(breaker: StoreBreaker) {
    this.#breaker = breaker
  }

  /** Returns the flight that a request was made for, to be ended by the caller; `undefined` for requests of others. */
  take(req: Request): Flight | undefined {
    const flight = this.#flights.get(req)
    this.#flights.delete(req)
    return flight
  }

  /** Ends the revalidations that are under way. */
  stop(): void {
    for (const res of this.#running) res.destroy()
  }

  /** Asks the application for a response anew. Resolves when the application has answered, or did not in time. */
  async run(
    original: Request,
    request: CacheRequest,
    names: readonly string[],
    flight: Flight,
  ): Promise<void> {
    const exchange = syntheticExchange(original, headersFor(request, names))
    const { res } = exchange
    const req = exchange.req as Request
    this.#flights.set(req, flight)
    this.#running.add(res)
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(() => res.destroy(), MAX_REVALIDATION_MS)
    res.once('finish', resolve).once('close', resolve)
    try {
      this.#outside(() => rootOf(original)(req, res))
      await promise
    } catch (error) {
      this.#breaker.tell(error)
    } finally {
      clearTimeout(timer)
      this.#running.delete(res)
      res.destroy()
      // Middleware before the cache may have answered.
      this.take(req)?.end('alone')
    }
  }
}

/** Returns the fields that say what kind of answer is wanted, and select it; none that tells who wants it. */
function headersFor(request: CacheRequest, names: readonly string[]): Record<string, string> {
  const { accept } = request.headers
  return { ...(accept === undefined ? {} : { accept }), ...selectingHeaders(names, request) }
}

/** Returns the application that is mounted in no other. */
function rootOf(req: Request): Application {
  let application = req.app as unknown as Application
  while (application.parent !== undefined) application = application.parent
  return application
}
