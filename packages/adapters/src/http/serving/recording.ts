import { type OutgoingHttpHeaders, STATUS_CODES } from 'node:http'
import type { Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import type { Client } from '../exchange/client.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { Decision, Watcher } from '../exchange/watcher.ts'
import { CacheControl } from '../fields/cache-control.ts'
import { announce, type Forwarded } from '../fields/cache-status.ts'
import { type Field, members } from '../fields/header-values.ts'
import { isNotModified, takesConditions } from '../fields/preconditions.ts'
import type { ResponseHead } from '../fields/response-head.ts'
import { targetedCacheControl } from '../fields/targeted-cache-control.ts'
import { wantedFields } from '../fields/wanted-fields.ts'
import { checkTag, type Settings } from '../options/options.ts'
import type { CacheRequest } from '../rules/cache-request.ts'
import { personalHeader } from '../rules/identity.ts'
import { type Policy, policyOf, type ReceivedResponse, usefulTime } from '../rules/policy.ts'
import type { ResponseView } from '../rules/response-view.ts'
import { selectingNames } from '../rules/selection.ts'
import { type Answer, refusalOf } from '../rules/storability.ts'
import { urlOf } from '../rules/target/target.ts'
import type { StoredBody } from '../storing/body-sink.ts'
import { Capture } from '../storing/capture.ts'
import type { Body, Found, RenewedResponse, ResponseStore } from '../storing/response-store.ts'
import type { StoreAccess } from '../storing/store-access.ts'
import { headersNow, renewedHeaders, restoreHeaders, storedHeaders } from '../storing/stored-headers.ts'
import type { Vacancy } from '../storing/variants/admissions.ts'
import type { Flight, Outcome } from '../waiting/collapse.ts'
import type { RouteMemory } from '../waiting/route-memory.ts'
import { isOnesOwn } from './ones-own.ts'
import { announceHit, dropBody, replyOf, sendBody, setHead } from './stored-sender.ts'
import { conditionsFor, isAbout, validatedFields } from './validation.ts'

/** More are refused: each costs a row. */
const MAX_TAGS = 32

/** Said of an answer for which there is no place beside the other variants. */
const CROWDED = 'variants'

/** Fields of a request that would make the application answer with less than everything. */
const CONDITIONS = ['if-none-match', 'if-modified-since', 'if-range'] as const

/** Fields of a response that say how long it is fresh. */
const OF_FRESHNESS = ['cache-control', 'expires', 'cdn-cache-control'] as const

/** A stored response that may stand in for the application's answer. */
export interface StandIn {
  readonly found: Found
  readonly body: Body
  /** Whether it does when the application fails (RFC 5861, 4). */
  readonly isForFailures: boolean
  /** Whether it does when the application says that it is still right (RFC 9111, 4.3). */
  readonly isForValidation: boolean
}

export interface RecordingParts {
  readonly store: ResponseStore
  readonly access: StoreAccess
  readonly settings: Settings
  /** Told of answers that are stored, and that cannot be. */
  readonly routes: RouteMemory
  /** Told of work that goes on when the client has its answer. */
  readonly track: (work: Promise<unknown>) => void
}

/** A request that goes on to the application. */
export interface Forwarding {
  readonly exchange: Exchange
  readonly request: CacheRequest
  readonly why: Forwarded
  readonly isCollapsed: boolean
  /** Whose end others wait for. */
  readonly flight: Flight | undefined
  readonly standIn: StandIn | undefined
  /** What a search saw of other variants. */
  readonly vacancy?: Vacancy | undefined
}

/** No head yet; an answer that is being stored; or one of which nothing will be. */
type Stage = 'headless' | Capture | Renewal | 'dropped'

/** A stored response whose freshness begins anew, once the head is sent. */
interface Renewal {
  readonly found: Found
  readonly renewed: RenewedResponse
}

/** Lets the application answer, and stores the answer on the side if it may. */
export class Recording implements Watcher {
  readonly #parts: RecordingParts
  readonly #forwarding: Forwarding
  /** The header fields that middleware before us has set. */
  readonly #before: OutgoingHttpHeaders
  readonly #startedAt: number
  readonly #trailers: Field[] = []
  #stage: Stage = 'headless'
  /** Called when the answer is stored, or will not be. */
  #release = () => {}

  constructor(parts: RecordingParts, forwarding: Forwarding) {
    this.#parts = parts
    this.#forwarding = forwarding
    this.#before = headersNow(forwarding.exchange.client.head)
    this.#startedAt = parts.settings.now()
  }

  /**
   * The application is asked for everything that is not stored, whatever the client has: its conditions are judged here.
   */
  start(): void {
    const { exchange, standIn } = this.#forwarding
    const instead = standIn?.isForValidation ? conditionsFor(standIn.found.row) : {}
    try {
      exchange.ask(this, { without: CONDITIONS, instead, patience: this.#limit })
    } catch (error) {
      this.#drop('alone')
      throw error
    }
  }

  get wantsRest(): boolean {
    return this.#stage === 'headless' ? this.#forwarding.flight?.isAwaited === true : this.wantsBody
  }

  onUnwanted(listener: () => void): void {
    this.#forwarding.flight?.onLeft(listener)
  }

  get wantsBody(): boolean {
    return this.#capture?.isGivenUp === false
  }

  head(client: Client): Decision {
    // The client has left, and the handler knows: not all of the body will come here.
    if (this.#stage === 'dropped') return 'pass'
    try {
      return this.#decide(client)
    } catch (error) {
      this.fail(error)
      return 'pass'
    }
  }

  sent(): void {
    try {
      if (this.#parts.access.isClosed) this.#drop('look')
      else if (this.#capture !== undefined) this.#checkAgain(this.#capture)
      else if (typeof this.#stage === 'object') this.#parts.track(this.#renew(this.#stage as Renewal))
    } catch (error) {
      this.fail(error)
    }
  }

  data(chunk: Uint8Array): Promise<void> | undefined {
    return this.#capture?.write(chunk)
  }

  /** They may come before the head, and are kept apart from its fields (RFC 9111, 3.1). */
  trailers(fields: readonly Field[]): void {
    this.#trailers.push(...fields)
  }

  heldUp(): void {
    const { flight } = this.#forwarding
    // Those who wait store an answer sooner than this client lets it be stored.
    if (flight?.isAwaited === true) this.#drop('held')
    else flight?.end('held')
  }

  end(): undefined {
    if (this.#capture === undefined) return
    if (this.#parts.access.isClosed) this.#drop('look')
    else this.#parts.track(this.#finish(this.#capture))
  }

  abort(): void {
    this.#drop('look')
    this.#dropStandIn()
  }

  /** Also something that should not happen. The application's answer goes to the client all the same. */
  fail(error: unknown): void {
    this.#parts.access.tell(error)
    this.#drop('alone')
    this.#dropStandIn()
  }

  get #head(): ResponseHead {
    return this.#forwarding.exchange.client.head
  }

  get #capture(): Capture | undefined {
    return this.#stage instanceof Capture ? this.#stage : undefined
  }

  #decide(client: Client): Decision {
    const { request, standIn, why, isCollapsed } = this.#forwarding
    const head = this.#head
    if (standIn?.isForFailures && isFailure(head.statusCode)) return this.#substitute(client, standIn)
    if (standIn?.isForValidation && head.statusCode === 304) return this.#confirm(client, standIn)
    this.#dropStandIn()
    const answer = this.#answer(head.statusCode)
    const refusal = refusalOf(answer) ?? this.#store(answer)
    if (refusal !== undefined) this.#refuse(head.statusCode, refusal)
    announce(head, { forwarded: why, isStored: refusal === undefined, isCollapsed, detail: refusal })
    const validators = { etag: answer.headers.etag, lastModified: answer.headers['last-modified'] }
    if (!takesConditions(head.statusCode) || !isNotModified(request.preconditions, validators)) return 'pass'
    head.statusCode = 304
    head.statusMessage = ''
    dropBody(head)
    return 'head'
  }

  /**
   * Middleware before us may have said `private`, or set a cookie, just now. What it has named in `Vary` counts, too, but
   * for the encoding, which it does anew for each client.
   */
  #checkAgain(capture: Capture): void {
    const answer = this.#answer(capture.status)
    const refusal = refusalOf(answer)
    if (refusal !== undefined) return this.#refuse(capture.status, refusal)
    capture.selectAlsoBy(answer.names?.filter((name) => name !== 'accept-encoding') ?? [])
  }

  /** Returns what the application answers, together with the stored response that it confirms, if any. */
  #answer(status: number, confirmed?: Found): Answer {
    const { settings } = this.#parts
    const { req, res } = this.#forwarding.exchange
    const [own, receivedAt] = [headersNow(this.#head), settings.now()]
    const headers = confirmed === undefined ? own : validatedFields(confirmed.row, own)
    const governing = settings.cdnCacheControl ? governingFields(headers) : headers
    const directives = CacheControl.parse(governing['cache-control'])
    const received = { status, headers: governing, requestedAt: this.#startedAt, receivedAt }
    return {
      request: this.#forwarding.request,
      status,
      headers: governing,
      directives,
      isPersonal: this.#isPersonal(),
      policy: directives && this.#policy({ ...received, directives }),
      names: selectingNames(headers, settings.sharing.fields),
      isWanted: () => settings.shouldStore(this.#view(status, headers), req, res),
      hasForeignFreshness: OF_FRESHNESS.some(
        (name) => headers[name] !== undefined && headers[name] === this.#before[name],
      ),
      statuses: settings.statuses,
      maxBodySize: settings.maxBodySize,
    }
  }

  /**
   * Nothing of the answer will be stored. One to a client's error says nothing of what others get, nor does one that there are
   * enough others beside.
   */
  #refuse(status: number, refusal: string): void {
    const { routes } = this.#parts
    if (status < 400 && refusal !== CROWDED) routes.noteUnshared(this.#forwarding.request.target, refusal)
    this.#drop(isFailure(status) ? 'failed' : 'alone')
  }

  /** Returns how long the response may be used. What `key` tells apart cannot be asked for in the background. */
  #policy(received: ReceivedResponse): Policy | undefined {
    const { request, exchange } = this.#forwarding
    const view = () => this.#view(received.status, received.headers)
    const policy = policyOf(received, this.#parts.settings.freshness(view, exchange.req, exchange.res))
    return policy && request.key !== undefined ? { ...policy, staleWhileRevalidate: 0 } : policy
  }

  #view(status: number, headers: Answer['headers']): ResponseView {
    return { url: urlOf(this.#forwarding.request.target), status, headers }
  }

  /** Begins to store; in one word why that cannot be. */
  #store({ status, headers, policy, names }: Answer): string | undefined {
    const { request, vacancy } = this.#forwarding
    const { store, access, settings } = this.#parts
    if (policy === undefined || names === undefined) return 'freshness'
    if (access.isClosed) return 'closed'
    if (access.isBusy) return 'unavailable'
    const announced = headers['content-length'] === undefined ? undefined : Number(headers['content-length'])
    if (store.refusedSizes.has(request.id, announced)) return 'too-large'
    const tags = this.#tags(headers)
    if (tags.length > MAX_TAGS) return 'tags'
    const removed = Object.keys(this.#before).filter((name) => headers[name] === undefined)
    const stored = storedHeaders(this.#head, this.#before, policy.receivedAt)
    const wanted = wantedFields(request.headers)
    const release = vacancy === undefined ? () => {} : store.admissions.admit(vacancy, request, names)
    if (release === undefined) return CROWDED
    this.#release = release
    const capture = new Capture(
      { store, access, maxSize: settings.maxBodySize, limit: this.#limit },
      {
        ...{ target: request.target, request, names, ttl: usefulTime(policy, policy.receivedAt) },
        announced,
        row: { status, ...reasonOf(this.#head), headers: stored, removed, policy, tags, wanted },
      },
    )
    this.#stage = capture
    capture.givenUp.then(() => {
      release()
      this.#drop('alone')
    })
    return undefined
  }

  #tags(headers: Answer['headers']): readonly string[] {
    const { req, res } = this.#forwarding.exchange
    const own = this.#parts.settings.tags(req, res)
    return [...new Set([...members(headers['cache-tag']), ...own])].map((tag) => checkTag('tags', tag))
  }

  async #finish(capture: Capture): Promise<void> {
    try {
      const body = await capture.end()
      const isOfOne = this.#isPersonal() || isOfOneClient(this.#trailers)
      if (body !== undefined && !isOfOne) return await this.#publish(capture, body)
    } catch (error) {
      this.#parts.access.tell(error)
    } finally {
      this.#release()
    }
    this.#drop('alone')
    await capture.discard()
  }

  /** A handler may have found out late. */
  #isPersonal(): boolean {
    const { exchange, request } = this.#forwarding
    return request.target.owner === undefined && isOnesOwn(exchange, this.#parts.settings)
  }

  async #publish(capture: Capture, body: StoredBody): Promise<void> {
    const isPublished = await capture.publish(body, this.#trailers)
    if (isPublished) this.#parts.routes.noteShared(this.#forwarding.request.target)
    this.#forwarding.flight?.end(isPublished && !capture.mustValidate ? 'look' : 'alone')
  }

  /** How long others wait, and so how long the store may take for what they wait for; milliseconds. */
  get #limit(): number {
    return this.#parts.settings.collapse.timeout
  }

  /** The stored response goes out instead of the application's failure. */
  #substitute(client: Client, { found, body }: StandIn): Decision {
    const { request } = this.#forwarding
    const { access, settings } = this.#parts
    const forwardedStatus = this.#head.statusCode
    this.#drop('failed')
    restoreHeaders(this.#head, this.#before)
    const [reply, now] = [replyOf(found.row, request), settings.now()]
    setHead(client, found.row, reply, now)
    announceHit(client, found.row, now, { forwarded: 'stale', forwardedStatus })
    return { replace: () => sendBody(client, body, reply.part, (error) => access.tell(error)) }
  }

  /** The stored response goes out, since the application says that it is still right. */
  #confirm(client: Client, { found, body }: StandIn): Decision {
    const { request, why } = this.#forwarding
    const { access, settings } = this.#parts
    const answer = this.#answer(found.row.status, found)
    const refusal = isAbout(found.row, answer.headers) ? refusalOf(answer) : 'other-validator'
    const renewed = refusal === undefined ? this.#renewed(found, answer) : undefined
    if (renewed === undefined) this.#drop('alone')
    else this.#stage = { found, renewed }
    const row = renewed?.row ?? found.row
    const [reply, now] = [replyOf(row, request), settings.now()]
    dropBody(this.#head)
    setHead(client, row, reply, now)
    announceHit(client, row, now, { forwarded: why, forwardedStatus: 304, detail: refusal })
    // Or it would be asked for by its own validator for ever.
    if (refusal === 'other-validator') this.#parts.track(this.#forget(found))
    return { replace: () => sendBody(client, body, reply.part, (error) => access.tell(error)) }
  }

  /** Returns the response with new fields and a new policy. */
  #renewed({ id, row }: Found, { policy }: Answer): RenewedResponse | undefined {
    if (policy === undefined) return undefined
    const { target } = this.#forwarding.request
    const fresh = storedHeaders(this.#head, this.#before, policy.receivedAt)
    const changed = { ...row, headers: renewedHeaders(row.headers, fresh), policy }
    return { id, target, ttl: usefulTime(policy, policy.receivedAt), row: changed }
  }

  /**
   * Stores what the application has confirmed, unless middleware before us has just made it one user's own. New tags, or
   * fields that select it, need a whole answer.
   */
  async #renew({ found, renewed }: Renewal): Promise<void> {
    const { store, access } = this.#parts
    const answer = this.#answer(found.row.status, found)
    if (refusalOf(answer) !== undefined) return this.#drop('alone')
    const names = answer.names?.filter((name) => name !== 'accept-encoding') ?? []
    const isSame =
      isDeepStrictEqual(this.#tags(answer.headers), found.row.tags) &&
      names.every((name) => found.names.includes(name))
    const isRenewed =
      isSame && (await access.write((signal) => store.renew(renewed, { signal }), this.#limit)) === true
    if (!isSame) await this.#forget(found)
    this.#forwarding.flight?.end(isRenewed ? 'look' : 'alone')
  }

  async #forget({ id }: Found): Promise<void> {
    const { store, access } = this.#parts
    await access.see(() => store.discard([id], {}))
  }

  /** Nothing of the answer will be stored, and nobody waits for it any more. */
  #drop(outcome: Outcome): void {
    const capture = this.#capture
    this.#stage = 'dropped'
    this.#forwarding.flight?.end(outcome)
    capture?.giveUp()
  }

  #dropStandIn(): void {
    const body = this.#forwarding.standIn?.body as Partial<Readable> | undefined
    body?.destroy?.()
  }
}

/** Returns the fields of a response where a targeted field counts instead of `Cache-Control` (RFC 9213, 2.2). */
function governingFields(headers: Answer['headers']): Answer['headers'] {
  const targeted = targetedCacheControl(headers['cdn-cache-control'])
  if (targeted === undefined) return headers
  const { expires: _, ...others } = headers
  return { ...others, 'cache-control': targeted }
}

/** Returns the reason phrase, where the application has given one of its own. */
function reasonOf({ statusCode, statusMessage: message }: ResponseHead): { message?: string } {
  return message && message !== STATUS_CODES[statusCode] ? { message } : {}
}

function isOfOneClient(fields: readonly Field[]): boolean {
  return personalHeader(Object.fromEntries(fields.map(([name]) => [name.toLowerCase(), '']))) !== undefined
}

/** What `stale-if-error` is about (RFC 5861, 4). */
function isFailure(status: number): boolean {
  return status === 500 || status === 502 || status === 503 || status === 504
}
