import { ServerResponse } from 'node:http'
import type { Client } from '../../http/exchange/client.ts'
import type { Asking, Exchange } from '../../http/exchange/exchange.ts'
import type { Watcher } from '../../http/exchange/watcher.ts'
import type { HttpRequest } from '../../http/rules/http-request.ts'
import { NodeClient } from '../../node/node-client.ts'
import { NodeExchange } from '../../node/node-exchange.ts'
import { serverAnswering } from '../../node/own-request.ts'
import type { Platform } from './platform.ts'
import { SealedSending } from './sealed-sending.ts'

/** Nobody has answered yet; the handler does; the cache has; or Nest does not wait for either any more. */
type State = 'open' | 'passed' | 'answered' | 'left'

export interface NestExchangeOptions {
  /** Whom the response belongs to; `null` when that is not known, `undefined` when it is everybody's. */
  readonly owner: string | null | undefined
  /** What tells the handler from others that the same URL may lead to. */
  readonly route: string
  /** Lets the handler answer. */
  readonly next: () => void
  /** Told that the cache answers, or that nobody wants an answer any more. */
  readonly onAnswer: () => void
}

/** A request to a handler of Nest. */
export class NestExchange implements Exchange {
  readonly request: HttpRequest
  readonly req: unknown
  readonly res: unknown
  readonly key: object
  readonly #platform: Platform
  readonly #node: NodeExchange<Platform['req'], ServerResponse>
  readonly #client: Client
  readonly #options: NestExchangeOptions
  readonly #hideFields: () => void
  #state: State = 'open'

  /** `request` and `response` are those of the platform, for the functions among the options. */
  constructor(
    platform: Platform,
    { request, response }: { request: unknown; response: unknown },
    options: NestExchangeOptions,
  ) {
    const { req, res, isFromProxy } = platform
    this.req = request
    this.res = response
    this.key = req
    this.#platform = platform
    this.#options = options
    const next = () => this.#next()
    this.#node = new NodeExchange(req, res, { isFromProxy, next, answering: serverAnswering(req) })
    this.request = requestOf(this.#node.request, platform, options)
    this.#client = new NodeClient(res, new SealedSending(res, () => this.#answer()).methods)
    this.#hideFields = platform.showFields()
    res.once('close', () => this.#close())
  }

  get isAnswered(): boolean {
    return this.#state === 'left' || this.#node.isAnswered
  }

  /** When Nest has given up on the cache, and answers itself, the cache sends what it has to nobody. */
  get client(): Client {
    return this.#state === 'left' ? nobody(this.#platform) : this.#client
  }

  pass(): void {
    this.#node.pass()
  }

  ask(watcher: Watcher, how: Asking): void {
    if (this.#state === 'left') watcher.abort()
    else this.#node.ask(watcher, how)
  }

  /** A request in the background is nobody's, and so is the answer. */
  get again(): Exchange['again'] {
    return this.#options.owner === undefined ? this.#node.again : undefined
  }

  /** Nest does not wait for an answer any more: it has one, or answers itself. */
  leave(): void {
    if (this.#state === 'open') this.#state = 'left'
  }

  /** Nest does not wait for the handler any more. If its client has gone, nothing will be sent to others, either. */
  leaveHandler(): void {
    if (this.#platform.req.socket.destroyed) this.#platform.res.destroy()
  }

  #next(): void {
    if (this.#state !== 'open') return
    this.#state = 'passed'
    this.#hideFields()
    this.#options.next()
  }

  #answer(): void {
    this.#state = 'answered'
    this.#platform.silence()
    this.#options.onAnswer()
  }

  /** The client has gone before anybody answered. */
  #close(): void {
    if (this.#state !== 'open') return
    this.#state = 'left'
    this.#options.onAnswer()
  }
}

function requestOf(request: HttpRequest, { place }: Platform, { owner, route }: NestExchangeOptions) {
  const isCertain = request.host !== undefined
  return {
    ...request,
    ...(place && { scheme: place.scheme, host: isCertain ? place.host.toLowerCase() : undefined }),
    // A handler that is chosen by more than the URL, such as a version in a field, is like a path that was changed.
    rewritten: JSON.stringify([request.rewritten, route]),
    owner,
  }
}

function nobody({ req }: Platform): Client {
  const res = new ServerResponse(req).destroy()
  return new NodeClient(res as ServerResponse, { write: () => true, end: () => {}, onDrain: () => {} })
}
