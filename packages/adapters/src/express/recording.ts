import type { OutgoingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { NextFunction, Request, Response } from 'express'
import { CacheControl } from '../http/fields/cache-control.ts'
import { announce, type Forwarded } from '../http/fields/cache-status.ts'
import { members } from '../http/fields/header-values.ts'
import { isNotModified } from '../http/fields/preconditions.ts'
import type { CacheRequest } from '../http/rules/cache-request.ts'
import { type Policy, policyOf, usefulTime } from '../http/rules/policy.ts'
import { selectingNames } from '../http/rules/selection.ts'
import { type Answer, refusalOf } from '../http/rules/storability.ts'
import { BodySink, type StoredBody } from '../http/storing/body-sink.ts'
import type { Body, Found, ResponseStore } from '../http/storing/response-store.ts'
import type { VariantRow } from '../http/storing/rows.ts'
import { FAILED, type StoreBreaker } from '../http/storing/store-breaker.ts'
import { headersNow, restoreHeaders, storedHeaders } from '../http/storing/stored-headers.ts'
import type { Flight, Outcome } from '../http/waiting/collapse.ts'
import { checkTag, type Settings } from './options.ts'
import { type Decision, ResponseTap, type Watcher } from './response-tap.ts'
import { announceHit, dropBody, replyOf, sendBody, setHead } from './stored-sender.ts'

/** More are refused: each costs a row. */
const MAX_TAGS = 32

/** Fields of a request that would make the application answer with less than everything. */
const CONDITIONS = ['if-none-match', 'if-modified-since', 'if-range'] as const

/** A stored response for the case that the application fails (RFC 5861, 4). */
export interface StandIn {
  readonly found: Found
  readonly body: Body
}

export interface RecordingParts {
  readonly store: ResponseStore
  readonly breaker: StoreBreaker
  readonly settings: Settings
  /** Told of work that goes on when the client has its answer. */
  readonly track: (work: Promise<unknown>) => void
}

/** A request that goes on to the application. */
export interface Forwarding {
  readonly req: Request
  readonly res: Response
  readonly next: NextFunction
  readonly request: CacheRequest
  readonly why: Forwarded
  readonly isCollapsed: boolean
  /** Whose end others wait for. */
  readonly flight: Flight | undefined
  readonly standIn: StandIn | undefined
}

/** An answer that is being stored. */
interface Capture {
  readonly id: string
  names: readonly string[]
  readonly policy: Policy
  readonly tags: readonly string[]
  readonly status: number
  readonly headers: VariantRow['headers']
  readonly removed: readonly string[]
  readonly ttl: number
  readonly sink: BodySink
}

/** Lets the application answer, and stores the answer on the side if it may. */
export class Recording implements Watcher {
  readonly #parts: RecordingParts
  readonly #forwarding: Forwarding
  readonly #tap: ResponseTap
  /** The header fields that middleware before us has set. */
  readonly #before: OutgoingHttpHeaders
  readonly #startedAt: number
  #hasHead = false
  #draft: Capture | undefined

  constructor(parts: RecordingParts, forwarding: Forwarding) {
    this.#parts = parts
    this.#forwarding = forwarding
    this.#before = headersNow(forwarding.res)
    this.#startedAt = parts.settings.now()
    this.#tap = new ResponseTap(forwarding.res, this, parts.settings.collapse.timeout)
  }

  /** The application is asked for everything, whatever the client has: conditions are judged here. */
  start(): void {
    const { req, next } = this.#forwarding
    for (const name of CONDITIONS) delete req.headers[name]
    next()
  }

  get wantsRest(): boolean {
    return this.#hasHead ? this.#draft !== undefined : this.#forwarding.flight !== undefined
  }

  head(): Decision {
    this.#hasHead = true
    this.#restoreConditions()
    try {
      return this.#decide()
    } catch (error) {
      this.#parts.breaker.tell(error)
      this.#giveUp('alone')
      return 'pass'
    }
  }

  sent(): void {
    try {
      if (this.#draft !== undefined) this.#checkAgain(this.#draft)
    } catch (error) {
      this.#parts.breaker.tell(error)
      this.#giveUp('alone')
    }
  }

  get wantsBody(): boolean {
    return this.#draft !== undefined
  }

  data(chunk: Uint8Array): boolean {
    return this.#draft?.sink.write(Buffer.from(chunk)) ?? true
  }

  end(): undefined {
    const draft = this.#draft
    if (draft !== undefined) this.#parts.track(this.#finish(draft))
  }

  abort(): void {
    this.#giveUp('look')
    this.#dropStandIn()
  }

  #decide(): Decision {
    const { res, request, standIn, why, isCollapsed } = this.#forwarding
    if (standIn !== undefined && isFailure(res.statusCode)) return this.#substitute(standIn)
    this.#dropStandIn()
    const answer = this.#answer(res.statusCode)
    const refusal = refusalOf(answer) ?? this.#store(answer)
    if (refusal !== undefined) this.#giveUp(isFailure(res.statusCode) ? 'failed' : 'alone')
    announce(res, { forwarded: why, isStored: refusal === undefined, isCollapsed, detail: refusal })
    const validators = { etag: answer.headers.etag, lastModified: answer.headers['last-modified'] }
    if (res.statusCode !== 200 || !isNotModified(request.preconditions, validators)) return 'pass'
    res.statusCode = 304
    res.statusMessage = ''
    dropBody(res)
    return 'head'
  }

  /**
   * Middleware before us may have said `private`, or set a cookie, just now. What it has named in `Vary` counts, too, but
   * for the encoding, which it does anew for each client.
   */
  #checkAgain(draft: Capture): void {
    const answer = this.#answer(draft.status)
    if (refusalOf(answer) !== undefined) return this.#giveUp('alone')
    const further = answer.names?.filter((name) => name !== 'accept-encoding') ?? []
    draft.names = [...new Set([...draft.names, ...further])].sort()
  }

  #answer(status: number): Answer {
    const { req, res, request } = this.#forwarding
    const { settings } = this.#parts
    const [headers, receivedAt] = [headersNow(res), settings.now()]
    const directives = CacheControl.parse(headers['cache-control'])
    const received = { status, headers, requestedAt: this.#startedAt, receivedAt }
    return {
      request: request,
      status,
      headers,
      directives,
      isPersonal: settings.isPersonal(req, res),
      policy: directives && policyOf({ ...received, directives }, settings.freshness),
      names: selectingNames(headers),
      hasForeignFreshness: ['cache-control', 'expires'].some(
        (name) => headers[name] !== undefined && headers[name] === this.#before[name],
      ),
      statuses: settings.statuses,
      maxBodySize: settings.maxBodySize,
    }
  }

  /** Begins to store; in one word why that cannot be. */
  #store({ status, headers, policy, names }: Answer): string | undefined {
    const { req, res } = this.#forwarding
    const { store, breaker, settings } = this.#parts
    if (policy === undefined || names === undefined) return 'freshness'
    const tags = [...new Set([...members(headers['cache-tag']), ...settings.tags(req, res)])]
    if (tags.length > MAX_TAGS) return 'tags'
    for (const tag of tags) checkTag('tags', tag)
    const [id, ttl] = [store.newId(), usefulTime(policy, policy.receivedAt)]
    const length = headers['content-length']
    const sink = new BodySink({
      ...{ store, breaker: breaker, id, ttl, tags, maxSize: settings.maxBodySize, limit: this.#limit },
      announced: length === undefined ? undefined : Number(length),
      onReady: () => this.#tap.proceed(),
      onGiveUp: () => this.#giveUp('alone'),
    })
    const stored = storedHeaders(res, this.#before, policy.receivedAt)
    const removed = Object.keys(this.#before).filter((name) => headers[name] === undefined)
    this.#draft = { id, names, policy, tags, status, headers: stored, removed, ttl, sink }
    return undefined
  }

  async #finish(draft: Capture): Promise<void> {
    try {
      await this.#publish(draft)
    } catch (error) {
      this.#parts.breaker.tell(error)
      await this.#discard(draft)
    }
  }

  async #publish(draft: Capture): Promise<void> {
    const body = await draft.sink.end()
    if (body === undefined || this.#isPersonal()) return this.#discard(draft)
    // One that was purged while it was made leaves nothing, but the next one may.
    const isKnown = await this.#makeKnown(draft, body)
    this.#forwarding.flight?.end(isKnown === FAILED ? 'alone' : 'look')
  }

  async #discard({ id }: Capture): Promise<void> {
    const { store, breaker } = this.#parts
    this.#giveUp('alone')
    await breaker.attempt((signal) => store.discard([id], { signal }))
  }

  /** How long others wait, and so how long the store may take for what they wait for; milliseconds. */
  get #limit(): number {
    return this.#parts.settings.collapse.timeout
  }

  #makeKnown(draft: Capture, body: StoredBody): Promise<boolean | typeof FAILED> {
    const { store, breaker } = this.#parts
    const { request } = this.#forwarding
    const { id, names, ttl, status, removed, policy, tags } = draft
    const hasEtag = draft.headers.some(([name]) => name.toLowerCase() === 'etag')
    const headers = hasEtag ? draft.headers : [...draft.headers, ['ETag', body.etag] as const]
    const inline = body.inline === undefined ? {} : { body: body.inline }
    const row = { status, headers, removed, policy, tags, size: body.size, ...inline }
    const publication = { id, target: request.target, request: request, names, ttl, row }
    return breaker.attempt((signal) => store.publish(publication, { signal }), this.#limit)
  }

  /** A handler may have found out late. */
  #isPersonal(): boolean {
    const { req, res } = this.#forwarding
    return this.#parts.settings.isPersonal(req, res)
  }

  /** Sends the stored response instead of the application's failure. */
  #substitute({ found, body }: StandIn): Decision {
    const { res, request } = this.#forwarding
    const { breaker, settings } = this.#parts
    const { client } = this.#tap
    const forwardedStatus = res.statusCode
    this.#giveUp('failed')
    restoreHeaders(res, this.#before)
    const [reply, now] = [replyOf(found.row, request), settings.now()]
    setHead(client, found.row, reply, now)
    announceHit(client, found.row, now, { forwarded: 'stale', forwardedStatus })
    // The head goes first.
    queueMicrotask(() => sendBody(client, body, reply.part).catch((error) => breaker.tell(error)))
    return 'other'
  }

  /** Nothing of the answer will be stored. */
  #giveUp(outcome: Outcome): void {
    const draft = this.#draft
    this.#draft = undefined
    // Before the sink, which comes back here.
    this.#forwarding.flight?.end(outcome)
    draft?.sink.giveUp()
    if (this.#hasHead) this.#tap.release()
  }

  #dropStandIn(): void {
    const body = this.#forwarding.standIn?.body as Partial<Readable> | undefined
    body?.destroy?.()
  }

  #restoreConditions(): void {
    const { req, request } = this.#forwarding
    for (const name of CONDITIONS) {
      const value = request.headers[name]
      if (value !== undefined) req.headers[name] = value as string
    }
  }
}

/** What `stale-if-error` is about (RFC 5861, 4). */
function isFailure(status: number): boolean {
  return status === 500 || status === 502 || status === 503 || status === 504
}
