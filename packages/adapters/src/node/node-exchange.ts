import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { Client } from '../http/exchange/client.ts'
import type { Asking, Exchange } from '../http/exchange/exchange.ts'
import type { Watcher } from '../http/exchange/watcher.ts'
import type { HttpRequest } from '../http/rules/http-request.ts'
import { NodeClient } from './node-client.ts'
import { httpRequestOf, type NodeRequest } from './node-request.ts'
import { type Answering, ownRequest } from './own-request.ts'
import { ResponseTap } from './response-tap.ts'

export interface NodeExchangeOptions {
  /** Whether the application trusts what the sender says of the client: it is a proxy of its own. */
  readonly isFromProxy: boolean
  /** Lets the application answer. */
  readonly next: () => void
  /** Answers a request from the very beginning, as if it had just come; `undefined` when that cannot be done. */
  readonly answering: Answering | undefined
}

/** A request and a response of `node:http`, or of a framework that extends them. */
export class NodeExchange<Req extends NodeRequest, Res extends ServerResponse> implements Exchange<Req, Res> {
  readonly request: HttpRequest
  readonly req: Req
  readonly res: Res
  readonly client: Client
  readonly #options: NodeExchangeOptions
  #isPassed = false

  constructor(req: Req, res: Res, options: NodeExchangeOptions) {
    this.request = httpRequestOf(req, options.isFromProxy)
    this.req = req
    this.res = res
    this.client = new NodeClient(res)
    this.#options = options
  }

  get key(): object {
    return this.req
  }

  get isAnswered(): boolean {
    return this.res.headersSent
  }

  pass(): void {
    if (this.#isPassed) return
    this.#isPassed = true
    this.#options.next()
  }

  /** The application gets the fields back with its head: handlers may look at them, and middleware does. */
  ask(watcher: Watcher, { without, instead = {}, patience }: Asking): void {
    const { headers } = this.req
    const changed = [...without, ...Object.keys(instead)]
    const restore = restoring(headers, changed)
    new ResponseTap(this.res, watcher, { patience, beforeHead: restore })
    for (const name of changed) delete headers[name]
    Object.assign(headers, instead)
    this.pass()
  }

  get again(): Exchange['again'] {
    const { answering, isFromProxy } = this.#options
    return answering && ((fields, place) => ownRequest(this.req, { fields, place, answering, isFromProxy }))
  }
}

/** Returns a function that gives a request back the fields that it has now. */
function restoring(headers: IncomingHttpHeaders, names: readonly string[]): () => void {
  const before = names.map((name) => [name, headers[name]] as const)
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete headers[name]
      else headers[name] = value
    }
  }
}
