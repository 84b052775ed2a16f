import type { Readable } from 'node:stream'
import { abortable, type ByteRange, realTimers } from '@diskcache/core'
import type { Exchange } from '../exchange/exchange.ts'
import { CacheControl } from '../fields/cache-control.ts'
import { announce, type Forwarded, type Handling } from '../fields/cache-status.ts'
import type { Settings } from '../options/options.ts'
import { type CacheRequest, cacheRequestOf } from '../rules/cache-request.ts'
import { isUsableIfValid, isUsableOnError, judge } from '../rules/judgement.ts'
import { freshnessLeft } from '../rules/policy.ts'
import { selectionOf } from '../rules/selection.ts'
import { targetOf } from '../rules/target/target.ts'
import type { Arrival, Body, Found, NotFound, ResponseStore } from '../storing/response-store.ts'
import { FAILED, type StoreAccess } from '../storing/store-access.ts'
import { Collapse, Flight, type Outcome, type Waiter } from '../waiting/collapse.ts'
import { Leases } from '../waiting/leases.ts'
import { RouteMemory, type UnsharedRoute } from '../waiting/route-memory.ts'
import { Invalidation, isSafe } from './invalidation.ts'
import { isOnesOwn } from './ones-own.ts'
import { type Forwarding, Recording, type StandIn } from './recording.ts'
import { type Renewing, Revalidation } from './revalidation.ts'
import { announceHit, type Reply, replyOf, sendBody, setHead } from './stored-sender.ts'

/** A request that the cache takes part in, and the rules' view of it. */
interface Asked {
  readonly exchange: Exchange
  readonly request: CacheRequest
}

/** A stored response that is being sent. */
type Serving = Pick<StandIn, 'found' | 'body'>

/** How a stored response is of use to a request. */
interface Usable {
  /** Whether a newer one is to be fetched. */
  readonly isStale: boolean
  readonly reply: Reply
}

/**
 * Marks requests that a cache has taken on: another cache behind it would wait for itself. A set of all of them, weak as it
 * may be, would cost the garbage collector more than all else that is done for a request.
 */
const TAKEN: unique symbol = Symbol.for('diskcache.http.taken')

/** What stands for a request. */
type Marked = { [TAKEN]?: true }

/** Answers requests from a store, and lets the application answer the others: a shared cache (RFC 9111). */
export class ResponseCache {
  readonly #store: ResponseStore
  readonly #access: StoreAccess
  readonly #settings: Settings
  readonly #collapse: Collapse
  readonly #revalidation: Revalidation
  readonly #routes: RouteMemory
  /** What goes on when clients have their answers. */
  readonly #work = new Set<Promise<unknown>>()
  #isOpen = true

  constructor(store: ResponseStore, access: StoreAccess, settings: Settings) {
    this.#store = store
    this.#access = access
    this.#settings = settings
    const { lease: time, timeout } = settings.collapse
    const leases = new Leases(store.store, { name: settings.name, time, access: access })
    this.#collapse = new Collapse({ leases, timeout })
    this.#revalidation = new Revalidation(access)
    this.#routes = new RouteMemory(settings.now)
  }

  handle(exchange: Exchange): void {
    const key: Marked = exchange.key
    if (key[TAKEN] || exchange.isAnswered) return exchange.pass()
    key[TAKEN] = true
    const { method } = exchange.request
    if (!isSafe(method)) this.#watchUnsafe(exchange)
    else if (method !== 'GET' && method !== 'HEAD') bypass(exchange, 'method', undefined)
    else this.#take(exchange)
  }

  /** Lets requests from now on go past the cache. Resolves when the answers that are complete have been stored. */
  async close(): Promise<void> {
    this.#isOpen = false
    this.#revalidation.stop()
    await Promise.allSettled(this.#work)
  }

  #watchUnsafe(exchange: Exchange): void {
    const { target: rules, invalidateQueries: queries } = this.#settings
    const target = targetOf(exchange.request, rules)
    if (!this.#isOpen || target === undefined) return bypass(exchange, 'method', undefined)
    new Invalidation({ store: this.#store, access: this.#access, queries }, target).start(exchange)
  }

  #take(exchange: Exchange): void {
    const renewing = this.#revalidation.take(exchange.key)
    const route = renewing === undefined ? this.#unsharedRoute(exchange) : undefined
    if (route?.isWatched === false) return letPass(exchange, route)
    const request = this.#ask(exchange)
    if (renewing !== undefined) return this.#renew(exchange, request, renewing)
    if (typeof request !== 'string') return this.#takeAsked({ exchange, request }, route)
    bypass(exchange, 'bypass', request)
  }

  /** Takes a request that was made to have a response anew. */
  #renew(exchange: Exchange, request: CacheRequest | string, renewing: Renewing): void {
    const { flight, names } = renewing
    if (typeof request === 'string') {
      flight.end('alone')
      bypass(exchange, 'bypass', request)
    } else if (flight.id === nobodysId(request, names)) {
      const asked = { exchange, request }
      this.#guard(asked, this.#answerAnew(asked, flight))
    } else {
      this.#revalidation.reject(renewing, request)
      bypass(exchange, 'bypass', undefined)
    }
  }

  /** Returns the route of a request that need not be looked up; `undefined` for the others. */
  #unsharedRoute({ request: { host, url, cacheControl } }: Exchange): UnsharedRoute | undefined {
    const isForCaches = CacheControl.parse(cacheControl)?.has('only-if-cached')
    return isForCaches ? undefined : this.#routes.unshared({ host: host ?? '', path: url })
  }

  #takeAsked(asked: Asked, route: UnsharedRoute | undefined): void {
    const arrival = this.#store.arrive(asked.request)
    if (arrival === undefined) this.#goOn(asked, route)
    // Behind all that came in this turn of the event loop: one look at the store is for all of them.
    else realTimers.setImmediate(() => this.#serveFromMemory(asked, arrival) || this.#goOn(asked, route))
  }

  /** Answers with what is in memory, if that may be used, and returns whether it has. */
  #serveFromMemory(asked: Asked, arrival: Arrival): boolean {
    // Something before the cache may have answered meanwhile, such as a limit of time.
    if (asked.exchange.isAnswered) return true
    try {
      const now = this.#settings.now()
      const found = this.#store.recall(asked.request, arrival, now)
      const usable = found && this.#usable(asked, found, now)
      if (usable === undefined || found?.row.body === undefined) return false
      this.#respond(asked, { found, body: found.row.body }, usable, { isHit: true })
    } catch (error) {
      this.#fail(asked, error)
    }
    return true
  }

  #goOn(asked: Asked, route: UnsharedRoute | undefined): void {
    if (route === undefined) this.#guard(asked, this.#answer(asked))
    else this.#watchUnshared(asked, route)
  }

  #guard(asked: Asked, answered: Promise<void>): void {
    answered.catch((error) => this.#fail(asked, error))
  }

  /** Lets the application answer, without a look at the store, and without making others wait, and watches what. */
  #watchUnshared(asked: Asked, { refusal }: UnsharedRoute): void {
    if (partOf(asked.request) !== undefined) return bypass(asked.exchange, 'bypass', refusal)
    this.#record(asked, { why: 'bypass', isCollapsed: false, flight: undefined })
  }

  /** Returns the request, or why it has to go past the cache; also when a function of the application throws. */
  #ask(exchange: Exchange): CacheRequest | string {
    try {
      return this.#judge(exchange)
    } catch (error) {
      this.#access.tell(error)
      return 'unavailable'
    }
  }

  #judge(exchange: Exchange): CacheRequest | string {
    const { request: given, client } = exchange
    if (!this.#isOpen) return 'closed'
    if (this.#access.isAway) return 'unavailable'
    const isOwned = given.owner !== undefined
    const isPersonal = !isOwned && isOnesOwn(exchange, this.#settings)
    if (isPersonal || client.head.hasHeader('set-cookie')) return 'personal'
    const request = cacheRequestOf(given, this.#settings, this.#settings.key(exchange.req))
    if (typeof request === 'string') return request
    return request.directives.has('no-store') ? 'request-no-store' : request
  }

  async #answer(asked: Asked): Promise<void> {
    const { exchange, request } = asked
    const found = await this.#look(request)
    if (found === FAILED) return bypass(exchange, 'bypass', 'unavailable')
    if (await this.#serve(asked, found, { isHit: true })) return
    if (request.directives.has('only-if-cached')) return refuse(exchange)
    const part = partOf(request)
    if (part !== undefined) return bypass(exchange, this.#reason(found), part)
    await this.#fetch(asked, found)
  }

  #look(request: CacheRequest): Promise<Found | NotFound | typeof FAILED> {
    return this.#access.read((signal) => this.#store.find(request, { signal }))
  }

  /** Answers from the store, if what was found there may be used, and returns whether it has. */
  async #serve(asked: Asked, found: Found | NotFound, handling: Handling): Promise<boolean> {
    const usable = 'miss' in found ? undefined : this.#usable(asked, found)
    if ('miss' in found || usable === undefined) return false
    const { part } = usable.reply
    const body = part === undefined ? new Uint8Array(0) : await this.#body(found, part)
    if (body === undefined) return false
    this.#routes.noteShared(asked.request.target)
    this.#respond(asked, { found, body }, usable, handling)
    return true
  }

  /** Returns how a stored response is of use to a request; `undefined` when it is not. */
  #usable({ exchange, request }: Asked, { row }: Found, now = this.#settings.now()): Usable | undefined {
    const judgement = judge(row.policy, request, now)
    if (judgement === 'refuse') return undefined
    const isStale = judgement === 'revalidate'
    // Where nobody can ask anew in the background, a stale response would stay.
    if (isStale && exchange.again === undefined) return undefined
    return { isStale, reply: replyOf(row, request) }
  }

  #respond(asked: Asked, response: Serving, { isStale, reply }: Usable, handling: Handling): void {
    const { found } = response
    if (this.#store.use(found))
      this.#track(
        asked.exchange,
        this.#access.see(() => this.#store.noteDemand(found, {})),
      )
    if (isStale) this.#track(asked.exchange, this.#revalidate(asked, response.found))
    this.#send(asked.exchange, response, reply, handling)
  }

  /** Sends a stored response, without waiting for the client. */
  #send({ client }: Exchange, { found: { row }, body }: Serving, reply: Reply, handling: Handling): void {
    const now = this.#settings.now()
    setHead(client, row, reply, now)
    announceHit(client, row, now, handling)
    sendBody(client, body, reply.part, (error) => this.#access.tell(error))
  }

  /** Returns the body of a stored response; a stream has the part alone. One that comes too late is closed. */
  async #body(found: Found, part: ByteRange): Promise<Body | undefined> {
    const body = await this.#access.read(async (signal) => {
      const body = await this.#store.body(found, part, { signal })
      if (signal.aborted) (body as Partial<Readable> | undefined)?.destroy?.()
      return body
    })
    return body === FAILED ? undefined : body
  }

  /** Asks the application, or waits for the answer to another who does. */
  async #fetch(asked: Asked, first: Found | NotFound): Promise<void> {
    const { isOn, timeout } = this.#settings.collapse
    if (!isOn || mustValidate(first)) return this.#forward(asked, first)
    const deadline = AbortSignal.timeout(timeout)
    const waiter = { client: asked.exchange.client, since: Date.now(), deadline }
    let found = first
    for (;;) {
      const entered = await this.#collapse.enter(collapseId(asked.request, found.names), waiter)
      if (entered instanceof Flight) return this.#lead(asked, entered)
      const isDoubtful = entered === 'failed' || entered === 'held'
      const outcome = isDoubtful ? await this.#askAsNobody(asked, found, entered, waiter) : entered
      if (hasGone(asked.exchange)) return
      const again = await this.#look(asked.request)
      if (again !== FAILED) found = again
      const isAnswered = await this.#serve(asked, found, {
        forwarded: this.#reason(first),
        isCollapsed: true,
      })
      if (isAnswered || (outcome === 'failed' && (await this.#standInAlone(asked, found)))) return
      const isAlone = outcome !== 'look' || again === FAILED || deadline.aborted || mustValidate(found)
      if (isAlone) return this.#forward(asked, found)
    }
  }

  /**
   * The request of another has come to nothing, which may be its own fault: asks as nobody, once for all who wait, and returns
   * what became of that; of the other, where nobody can ask so, or no stale response would stand in.
   */
  async #askAsNobody(
    { exchange, request }: Asked,
    found: Found | NotFound,
    other: Outcome,
    waiter: Waiter,
  ): Promise<Outcome> {
    const { again } = exchange
    if ('miss' in found || again === undefined || request.key !== undefined) return other
    const { policy } = found.row
    if (other === 'failed' && !isUsableOnError(policy, request, this.#settings.now())) return other
    const id = nobodysId(request, found.names)
    if (this.#revalidation.isResting(id)) return other
    const flight = await this.#collapse.enter(id, waiter)
    if (!(flight instanceof Flight)) return flight
    this.#track(exchange, this.#revalidation.run(again, request, found, flight))
    return abortable(flight.outcome, waiter.deadline).catch(() => 'alone')
  }

  /** Lets the application answer a request that was made to have a response anew. */
  async #answerAnew(asked: Asked, flight: Flight): Promise<void> {
    const found = await this.#look(asked.request)
    if (found !== FAILED) return this.#forward(asked, found, flight)
    flight.end('alone')
    asked.exchange.pass()
  }

  /** Asks the application for all who wait, unless somebody has stored the answer just before. */
  async #lead(asked: Asked, flight: Flight): Promise<void> {
    const { exchange, request } = asked
    try {
      const found = await this.#look(request)
      const isDone =
        found !== FAILED && ((await this.#serve(asked, found, { isHit: true })) || hasGone(exchange))
      // Otherwise the recording ends it.
      if (found !== FAILED && !isDone) return await this.#forward(asked, found, flight)
      flight.end(found === FAILED ? 'alone' : 'look')
      if (found === FAILED) bypass(exchange, 'bypass', 'unavailable')
    } catch (error) {
      flight.end('alone')
      throw error
    }
  }

  /**
   * Answers with a stale response, if there is one that will do, and returns whether it has: the application has just
   * failed, and nobody needs to ask it again.
   */
  async #standInAlone({ exchange, request }: Asked, found: Found | NotFound): Promise<boolean> {
    const standIn = await this.#standIn(request, found)
    if (!standIn?.isForFailures) return false
    const reply = replyOf(standIn.found.row, request)
    this.#send(exchange, standIn, reply, { forwarded: 'stale', isCollapsed: true })
    return true
  }

  async #standIn(request: CacheRequest, found: Found | NotFound): Promise<StandIn | undefined> {
    if ('miss' in found) return undefined
    const { policy } = found.row
    const isForFailures = isUsableOnError(policy, request, this.#settings.now())
    const isForValidation = isUsableIfValid(policy, request)
    if (!isForFailures && !isForValidation) return undefined
    const { part = { start: 0, end: found.row.size } } = replyOf(found.row, request)
    // Opened now, so that nothing can take it away while the application is asked.
    const body = await this.#body(found, part)
    return body && { found, body, isForFailures, isForValidation }
  }

  async #forward(asked: Asked, found: Found | NotFound, flight?: Flight): Promise<void> {
    const standIn = await this.#standIn(asked.request, found)
    const why = this.#reason(found)
    const vacancy = 'miss' in found ? found.vacancy : undefined
    this.#record(asked, { why, isCollapsed: false, flight, standIn, vacancy })
  }

  #record(asked: Asked, how: Omit<Forwarding, keyof Asked | 'standIn'> & Partial<Forwarding>): void {
    const track = (work: Promise<unknown>) => this.#track(asked.exchange, work)
    const parts = {
      ...{ store: this.#store, access: this.#access, settings: this.#settings },
      ...{ routes: this.#routes, track },
    }
    new Recording(parts, { standIn: undefined, ...asked, ...how }).start()
  }

  /** Asks the application anew, in one process of the cluster; everybody else goes on with what there is. */
  async #revalidate({ exchange, request }: Asked, found: Found): Promise<void> {
    const { again } = exchange
    const id = nobodysId(request, found.names)
    if (again === undefined || this.#revalidation.isResting(id)) return
    const flight = await this.#collapse.tryEnter(id)
    if (flight !== undefined) await this.#revalidation.run(again, request, found, flight)
  }

  #reason(found: Found | NotFound): Forwarded {
    if ('miss' in found) return found.miss
    return freshnessLeft(found.row.policy, this.#settings.now()) > 0 ? 'request' : 'stale'
  }

  #track({ waitUntil }: Exchange, work: Promise<unknown>): void {
    this.#work.add(work)
    work.catch((error) => this.#access.tell(error)).finally(() => this.#work.delete(work))
    try {
      waitUntil?.(work)
    } catch (error) {
      this.#access.tell(error)
    }
  }

  /** Takes care of something that should not happen. Before anything was sent, the application can still answer. */
  #fail({ exchange }: Asked, error: unknown): void {
    this.#access.tell(error)
    if (!exchange.isAnswered) exchange.pass()
  }
}

/** Returns an id: requests of one id wait for each other. */
function collapseId(request: CacheRequest, names: readonly string[]): string {
  return `${request.id}/${selectionOf(names, request)}`
}

/** Returns the id of requests that nobody has sent: those of clients neither hold them up nor fail in their place. */
function nobodysId(request: CacheRequest, names: readonly string[]): string {
  return `${collapseId(request, names)}/nobody`
}

/** Returns whether the client has gone. Its answer is broken off: something may still wait for it. */
function hasGone({ client }: Exchange): boolean {
  if (client.isGone) client.destroy()
  return client.isGone
}

/** Returns of what an answer would not be complete, in one word; `undefined` for a request for all of it. */
function partOf({ isHead, headers }: CacheRequest): string | undefined {
  if (isHead) return 'head'
  return headers.range === undefined ? undefined : 'range'
}

/** Returns whether each request has to ask the application for itself. */
function mustValidate(found: Found | NotFound): boolean {
  return 'row' in found && found.row.policy.mustValidate === true
}

/** Lets the application answer, without a look at its answer either. */
function letPass(exchange: Exchange, { refusal }: UnsharedRoute): void {
  if (exchange.isSilent) exchange.pass()
  else bypass(exchange, 'bypass', refusal)
}

/** Lets the application answer, without a look at the store. */
function bypass(exchange: Exchange, forwarded: Forwarded, detail: string | undefined): void {
  announce(exchange.client.head, { forwarded, detail })
  exchange.pass()
}

/** Answers `only-if-cached` where nothing is stored (RFC 9111, 5.2.1.7). */
function refuse({ client }: Exchange): void {
  client.head.statusCode = 504
  announce(client.head, { detail: 'only-if-cached' })
  client.end()
}
