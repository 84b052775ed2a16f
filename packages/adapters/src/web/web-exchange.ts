import type { Asking, Exchange, OwnRequest } from '../http/exchange/exchange.ts'
import type { Place } from '../http/exchange/nobody.ts'
import type { Watcher } from '../http/exchange/watcher.ts'
import type { HttpRequest } from '../http/rules/http-request.ts'
import { WatchedBody } from './watched-body.ts'
import { WebClient } from './web-client.ts'
import { WebHead } from './web-head.ts'
import { requestLike, requestOfNobody, WebRequest } from './web-request.ts'

/** Answers a request. */
export type Answering = (request: Request) => Response | Promise<Response>

export interface WebExchangeOptions {
  /** Whether the application trusts what `X-Forwarded-Host` and `X-Forwarded-Proto` say. */
  readonly isFromProxy: boolean
  /** The fields that middleware before has set on the response. */
  readonly headers: Headers | undefined
  /** Lets the application answer. */
  readonly next: Answering
  /** Answers a request from the very beginning, as if it had just come; `undefined` when that cannot be done. */
  readonly again: Answering | undefined
  /** Returns whether the answer is one user's own, as far as middleware before knows. */
  readonly isPersonal: (() => boolean) | undefined
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined
  readonly isSilent: boolean
}

/** Leads from a request that the application got to the one in whose place it stands, which has more fields. */
const ORIGINAL: unique symbol = Symbol('original')

type Replacing = Request & { [ORIGINAL]?: Request }

/** A `Request`, and the `Response` to come. */
export class WebExchange implements Exchange<Request, Response | undefined> {
  readonly request: HttpRequest
  readonly req: Request
  readonly key: Request
  readonly #options: WebExchangeOptions
  /** What the application has returned, where nobody looks at its answer, nor says anything of it. */
  #untouched: Response | Promise<Response> | undefined
  /** Made when they are needed. */
  #lazyHead: WebHead | undefined
  #lazyClient: WebClient | undefined
  #lazyOutcome: PromiseWithResolvers<Response> | undefined
  #res: Response | undefined
  #isAnswered = false
  #isPassed = false

  constructor(request: Request, options: WebExchangeOptions) {
    this.request = new WebRequest(request, options.isFromProxy)
    this.req = request
    this.key = (request as Replacing)[ORIGINAL] ?? request
    this.#options = options
  }

  /** What the caller gets. Rejects with what the application throws. */
  get response(): Response | Promise<Response> {
    return this.#untouched ?? this.#outcome.promise
  }

  get client(): WebClient {
    this.#lazyClient ??= new WebClient(this.req, this.#head, {
      answer: (response) => this.#resolve(response),
      fail: (error) => this.#outcome.reject(error),
    })
    return this.#lazyClient
  }

  /** What the application has answered, if it has. */
  get res(): Response | undefined {
    return this.#res
  }

  get isAnswered(): boolean {
    return this.#isAnswered
  }

  get waitUntil(): (work: Promise<unknown>) => void {
    return this.#options.waitUntil ?? (() => {})
  }

  get isSilent(): boolean {
    return this.#options.isSilent
  }

  get isPersonal(): Exchange['isPersonal'] {
    return this.#options.isPersonal
  }

  pass(): void {
    if (this.#isPassed) return
    this.#isPassed = true
    if (this.#lazyHead === undefined && this.#lazyOutcome === undefined) this.#untouched = this.#passed()
    else
      this.#answered(this.req)
        .then((response) => this.#resolve(isResponse(response) ? this.#head.announceOn(response) : response))
        .catch((error) => this.#outcome.reject(error))
  }

  ask(watcher: Watcher, { without, instead = {} }: Asking): void {
    if (this.#isPassed) return
    this.#isPassed = true
    const { request, restore } = withOtherFields(this.req, without, instead)
    const asked = this.#answered(request).finally(restore)
    asked
      .then(
        (response) => this.#take(watcher, response),
        (error) => this.#fail(watcher, error),
      )
      .catch((error) => {
        watcher.fail(error)
        this.#outcome.reject(error)
      })
  }

  get again(): Exchange['again'] {
    const { again } = this.#options
    return again && ((fields, place) => this.#ownRequest(again, fields, place))
  }

  get #outcome(): PromiseWithResolvers<Response> {
    this.#lazyOutcome ??= Promise.withResolvers()
    return this.#lazyOutcome
  }

  get #head(): WebHead {
    this.#lazyHead ??= new WebHead(this.#options.headers)
    return this.#lazyHead
  }

  #resolve(response: Response): void {
    this.#isAnswered = true
    this.#outcome.resolve(response)
  }

  /** As it is: servers send a response that is no promise by a shorter way. */
  #passed(): Response | Promise<Response> {
    try {
      return this.#options.next(this.req)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async #answered(request: Request): Promise<Response> {
    this.#res = await this.#options.next(request)
    return this.#res
  }

  async #take(watcher: Watcher, response: Response): Promise<void> {
    if (!isResponse(response)) return this.#handOn(watcher, response, 'it is no Response')
    this.#head.load(response)
    const decision = watcher.head(this.client)
    watcher.sent()
    if (typeof decision === 'object') {
      response.body?.cancel().catch(() => {})
      return decision.replace()
    }
    // The body of a response that is not stored is not looked at: some servers make it only then.
    if (decision === 'pass' && (!watcher.wantsBody || response.body === null)) {
      await watcher.end()
      return this.#resolve(this.#head.applyTo(response))
    }
    if (!isReadable(response))
      return this.#handOn(watcher, response, 'its body was read already, or is locked')
    const body = new WatchedBody(response.body, watcher, this.waitUntil)
    if (decision === 'pass') return this.#resolve(this.#head.respond(body.stream()))
    const drained = body.drain().catch(() => {})
    this.client.end()
    this.waitUntil(drained)
  }

  /** The server is to say what it says of it without the cache. */
  async #handOn(watcher: Watcher, returned: Response, reason: string): Promise<void> {
    const { url } = this.req
    watcher.fail(new TypeError(`Cannot look at what the application has returned for ${url}: ${reason}`))
    await watcher.end()
    this.#resolve(returned)
  }

  /** The caller gets the error, as without the cache, unless something stands in. */
  #fail(watcher: Watcher, error: unknown): void {
    this.#head.statusCode = 500
    const decision = this.req.signal.aborted ? 'pass' : watcher.head(this.client)
    if (typeof decision === 'object') return decision.replace()
    watcher.abort()
    this.#outcome.reject(error)
  }

  #ownRequest(again: Answering, fields: Readonly<Record<string, string>>, place: Place): OwnRequest {
    const stop = new AbortController()
    const { isFromProxy } = this.#options
    const request = requestOfNobody(this.req, { fields, place, isFromProxy, signal: stop.signal })
    const send = async (signal: AbortSignal) => {
      const { promise, reject } = Promise.withResolvers<never>()
      const abort = () => {
        stop.abort(signal.reason)
        reject(signal.reason)
      }
      signal.addEventListener('abort', abort)
      try {
        await Promise.race([readAll(again(request), signal), promise])
      } finally {
        signal.removeEventListener('abort', abort)
      }
    }
    return { key: request, send }
  }
}

/** Returns whether this is a response, be it of a class of a framework's own, or of another realm. */
function isResponse(returned: unknown): returned is Response {
  const { status, headers } = (returned ?? {}) as Partial<Response>
  const isHead = typeof headers?.get === 'function' && typeof headers.getSetCookie === 'function'
  return typeof status === 'number' && isHead && Symbol.iterator in headers
}

function isReadable({ bodyUsed, body }: Response): boolean {
  return !bodyUsed && (body === null || (typeof body?.getReader === 'function' && !body.locked))
}

async function readAll(answer: Response | Promise<Response>, signal: AbortSignal): Promise<void> {
  const returned = await answer
  if (isResponse(returned)) await returned.body?.pipeTo(new WritableStream(), { signal })
}

/**
 * Takes fields from a request, and gives it others, until it is restored. Where a request cannot be changed, this returns
 * another.
 */
function withOtherFields(
  request: Request,
  without: readonly string[],
  instead: Readonly<Record<string, string>>,
): { readonly request: Request; readonly restore: () => void } {
  const before = [...without, ...Object.keys(instead)].map(
    (name) => [name, request.headers.get(name)] as const,
  )
  const change = (headers: Headers) => {
    for (const [name, value] of before) if (value !== null) headers.delete(name)
    for (const [name, value] of Object.entries(instead)) headers.set(name, value)
  }
  try {
    change(request.headers)
  } catch {
    const headers = new Headers(request.headers)
    change(headers)
    const other: Replacing = requestLike(request, request, { headers })
    other[ORIGINAL] = request
    return { request: other, restore: () => {} }
  }
  const restore = () => {
    for (const [name, value] of before) {
      if (value === null) request.headers.delete(name)
      else request.headers.set(name, value)
    }
  }
  return { request, restore }
}
