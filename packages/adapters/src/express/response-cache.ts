import type { Readable } from 'node:stream'
import type { NextFunction, Request, Response } from 'express'
import { announce, type Forwarded, type Handling } from '../http/fields/cache-status.ts'
import { type CacheRequest, cacheRequestOf } from '../http/rules/cache-request.ts'
import { isUsableOnError, judge } from '../http/rules/judgement.ts'
import { freshnessLeft } from '../http/rules/policy.ts'
import { selectionOf } from '../http/rules/selection.ts'
import { targetOf } from '../http/rules/target.ts'
import { HitCounts } from '../http/storing/hit-counts.ts'
import type { Body, Found, NotFound, ResponseStore } from '../http/storing/response-store.ts'
import { FAILED, type StoreBreaker } from '../http/storing/store-breaker.ts'
import { Collapse, Flight } from '../http/waiting/collapse.ts'
import { Leases } from '../http/waiting/leases.ts'
import { Invalidation, isSafe } from './invalidation.ts'
import type { Settings } from './options.ts'
import { type Forwarding, Recording, type StandIn } from './recording.ts'
import { directClient } from './response-tap.ts'
import { Revalidation } from './revalidation.ts'
import { announceHit, type Reply, replyOf, sendBody, setHead } from './stored-sender.ts'

/** A request that the cache takes part in. */
interface Exchange {
  readonly req: Request
  readonly res: Response
  readonly next: NextFunction
  readonly request: CacheRequest
}

/** The requests that a cache has taken on. Another cache behind it would wait for itself. */
const taken = new WeakSet<Request>()

/** Answers requests from a store, and lets the application answer the others: a shared cache (RFC 9111). */
export class ResponseCache {
  readonly hits = new HitCounts()
  readonly #store: ResponseStore
  readonly #breaker: StoreBreaker
  readonly #settings: Settings
  readonly #collapse: Collapse
  readonly #revalidation: Revalidation
  /** What goes on when clients have their answers. */
  readonly #work = new Set<Promise<unknown>>()
  #isOpen = true

  constructor(store: ResponseStore, breaker: StoreBreaker, settings: Settings) {
    this.#store = store
    this.#breaker = breaker
    this.#settings = settings
    const { lease: time, timeout } = settings.collapse
    const leases = new Leases(store.store, { name: settings.name, time, breaker: breaker })
    this.#collapse = new Collapse({ leases, timeout })
    this.#revalidation = new Revalidation(breaker)
  }

  handle(req: Request, res: Response, next: NextFunction): void {
    if (taken.has(req) || res.headersSent) return next()
    taken.add(req)
    if (!isSafe(req.method)) this.#watchUnsafe(req, res, next)
    else if (req.method !== 'GET' && req.method !== 'HEAD') bypass(res, next, 'method', undefined)
    else this.#take(req, res, next)
  }

  /** Lets requests from now on go past the cache. Resolves when the answers that are complete have been stored. */
  async close(): Promise<void> {
    this.#isOpen = false
    this.#revalidation.stop()
    await Promise.allSettled(this.#work)
  }

  #watchUnsafe(req: Request, res: Response, next: NextFunction): void {
    const rules = this.#settings.target
    const target = targetOf(req, rules)
    if (!this.#isOpen || target === undefined) return bypass(res, next, 'method', undefined)
    new Invalidation({ store: this.#store, breaker: this.#breaker, rules }, res, target).start(req)
    next()
  }

  #take(req: Request, res: Response, next: NextFunction): void {
    const request = this.#ask(req, res)
    if (typeof request === 'string') return bypass(res, next, 'bypass', request)
    const flight = this.#revalidation.take(req)
    const exchange = { req, res, next: once(next), request: request }
    if (flight !== undefined) return this.#record(exchange, { why: 'stale', isCollapsed: false, flight })
    this.#answer(exchange).catch((error) => this.#fail(exchange, error))
  }

  /** Returns the request, or why it has to go past the cache. */
  #ask(req: Request, res: Response): CacheRequest | string {
    const { target, sharing, isPersonal, now } = this.#settings
    if (!this.#isOpen) return 'closed'
    if (this.#breaker.isOpen) return 'unavailable'
    if (isPersonal(req, res) || res.hasHeader('set-cookie')) return 'personal'
    const request = cacheRequestOf(req, { target, sharing, now: now() })
    if (typeof request === 'string') return request
    return request.directives.has('no-store') ? 'request-no-store' : request
  }

  async #answer(exchange: Exchange): Promise<void> {
    const { req, res, next, request } = exchange
    const found = await this.#look(request)
    if (found === FAILED) return bypass(res, next, 'bypass', 'unavailable')
    if (await this.#serve(exchange, found, { isHit: true })) return
    if (request.directives.has('only-if-cached')) return refuse(res)
    // An answer to these would not be complete.
    const part = request.isHead ? 'head' : req.headers.range && 'range'
    if (part) return bypass(res, next, this.#reason(found), part)
    await this.#fetch(exchange, found)
  }

  #look(request: CacheRequest): Promise<Found | NotFound | typeof FAILED> {
    return this.#breaker.attempt((signal) => this.#store.find(request, { signal }))
  }

  /** Answers from the store, if what was found there may be used, and returns whether it has. */
  async #serve(exchange: Exchange, found: Found | NotFound, handling: Handling): Promise<boolean> {
    if ('miss' in found) return false
    const { request } = exchange
    const judgement = judge(found.row.policy, request, this.#settings.now())
    if (judgement === 'refuse') return false
    const reply = replyOf(found.row, request)
    const body = reply.part === undefined ? new Uint8Array(0) : await this.#body(found)
    if (body === undefined) return false
    this.hits.add(found.id)
    if (judgement === 'revalidate') this.#track(this.#revalidate(exchange, found))
    this.#send(exchange, { found, body }, reply, handling)
    return true
  }

  /** Sends a stored response, without waiting for the client. */
  #send({ res }: Exchange, { found: { row }, body }: StandIn, reply: Reply, handling: Handling): void {
    const client = directClient(res)
    const now = this.#settings.now()
    setHead(client, row, reply, now)
    announceHit(client, row, now, handling)
    sendBody(client, body, reply.part).catch((error) => this.#breaker.tell(error))
  }

  /** Returns the body of a stored response. A stream that comes too late is closed. */
  async #body(found: Found): Promise<Body | undefined> {
    const body = await this.#breaker.attempt(async (signal) => {
      const body = await this.#store.body(found, { signal })
      if (signal.aborted) (body as Partial<Readable> | undefined)?.destroy?.()
      return body
    })
    return body === FAILED ? undefined : body
  }

  /** Asks the application, or waits for the answer to another who does. */
  async #fetch(exchange: Exchange, first: Found | NotFound): Promise<void> {
    const { isOn, timeout } = this.#settings.collapse
    if (!isOn) return this.#forward(exchange, first)
    const deadline = AbortSignal.timeout(timeout)
    let found = first
    for (;;) {
      const entered = await this.#collapse.enter(collapseId(exchange.request, found.names), deadline)
      if (entered instanceof Flight) return this.#lead(exchange, entered)
      if (exchange.res.destroyed) return
      const again = await this.#look(exchange.request)
      if (again !== FAILED) found = again
      const isAnswered = await this.#serve(exchange, found, {
        forwarded: this.#reason(first),
        isCollapsed: true,
      })
      if (isAnswered || (entered === 'failed' && (await this.#standInAlone(exchange, found)))) return
      if (entered !== 'look' || again === FAILED || deadline.aborted) return this.#forward(exchange, found)
    }
  }

  /** Asks the application for all who wait, unless somebody has stored the answer just before. */
  async #lead(exchange: Exchange, flight: Flight): Promise<void> {
    const { res, next, request } = exchange
    try {
      const found = await this.#look(request)
      const isDone =
        found !== FAILED && ((await this.#serve(exchange, found, { isHit: true })) || res.destroyed)
      // Otherwise the recording ends it.
      if (found !== FAILED && !isDone) return await this.#forward(exchange, found, flight)
      flight.end(found === FAILED ? 'alone' : 'look')
      if (found === FAILED) bypass(res, next, 'bypass', 'unavailable')
    } catch (error) {
      flight.end('alone')
      throw error
    }
  }

  /**
   * Answers with a stale response, if there is one that will do, and returns whether it has: the application has just
   * failed, and nobody needs to ask it again.
   */
  async #standInAlone(exchange: Exchange, found: Found | NotFound): Promise<boolean> {
    const standIn = await this.#standIn(exchange.request, found)
    if (standIn === undefined) return false
    const reply = replyOf(standIn.found.row, exchange.request)
    this.#send(exchange, standIn, reply, { forwarded: 'stale', isCollapsed: true })
    return true
  }

  async #standIn(request: CacheRequest, found: Found | NotFound): Promise<StandIn | undefined> {
    if ('miss' in found || !isUsableOnError(found.row.policy, request, this.#settings.now())) return undefined
    // Opened now, so that nothing can take it away while the application is asked.
    const body = await this.#body(found)
    return body && { found, body }
  }

  async #forward(exchange: Exchange, found: Found | NotFound, flight?: Flight): Promise<void> {
    const standIn = await this.#standIn(exchange.request, found)
    const why = this.#reason(found)
    this.#record(exchange, { why, isCollapsed: false, flight, standIn })
  }

  #record(exchange: Exchange, how: Omit<Forwarding, keyof Exchange | 'standIn'> & Partial<Forwarding>): void {
    const track = (work: Promise<unknown>) => this.#track(work)
    const parts = { store: this.#store, breaker: this.#breaker, settings: this.#settings, track }
    new Recording(parts, { standIn: undefined, ...exchange, ...how }).start()
  }

  /** Asks the application anew, in one process of the cluster; everybody else goes on with what there is. */
  async #revalidate({ req, request }: Exchange, { names }: Found): Promise<void> {
    if (req.app === undefined) return
    const flight = await this.#collapse.tryEnter(collapseId(request, names))
    if (flight !== undefined) await this.#revalidation.run(req, request, names, flight)
  }

  #reason(found: Found | NotFound): Forwarded {
    if ('miss' in found) return found.miss
    return freshnessLeft(found.row.policy, this.#settings.now()) > 0 ? 'request' : 'stale'
  }

  #track(work: Promise<unknown>): void {
    this.#work.add(work)
    work.catch((error) => this.#breaker.tell(error)).finally(() => this.#work.delete(work))
  }

  /** Takes care of something that should not happen. Before anything was sent, the application can still answer. */
  #fail({ res, next }: Exchange, error: unknown): void {
    this.#breaker.tell(error)
    if (!res.headersSent) next()
  }
}

/** Returns a `next` that asks the application once, whatever goes wrong. */
function once(next: NextFunction): NextFunction {
  let isDone = false
  return () => {
    if (!isDone) {
      isDone = true
      next()
    }
  }
}

/** Returns an id: requests of one id wait for each other. */
function collapseId(request: CacheRequest, names: readonly string[]): string {
  return `${request.id}/${selectionOf(names, request)}`
}

/** Lets the application answer, without a look at the store. */
function bypass(res: Response, next: NextFunction, forwarded: Forwarded, detail: string | undefined): void {
  announce(res, { forwarded, detail })
  next()
}

/** Answers `only-if-cached` where nothing is stored (RFC 9111, 5.2.1.7). */
function refuse(res: Response): void {
  res.statusCode = 504
  announce(res, { detail: 'only-if-cached' })
  res.end()
}
