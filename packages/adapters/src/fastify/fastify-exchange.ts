import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Client } from '../http/exchange/client.ts'
import type { Asking, Exchange } from '../http/exchange/exchange.ts'
import type { Watcher } from '../http/exchange/watcher.ts'
import type { HttpRequest } from '../http/rules/http-request.ts'
import { NodeClient, type Sending } from '../node/node-client.ts'
import { NodeExchange } from '../node/node-exchange.ts'
import { ReplyHead } from './reply-head.ts'

/**
 * A request of Fastify. What the application answers is watched where it is sent, on the raw response, after all hooks;
 * what the cache answers goes there, too.
 */
export class FastifyExchange implements Exchange<FastifyRequest, FastifyReply> {
  readonly request: HttpRequest
  readonly req: FastifyRequest
  readonly res: FastifyReply
  readonly #node: NodeExchange<FastifyRequest['raw'], FastifyReply['raw']>
  #client: Client

  constructor(request: FastifyRequest, reply: FastifyReply, next: () => void) {
    const { routing } = request.server
    const isFromProxy = comesFromProxy(request)
    this.#node = new NodeExchange(request.raw, reply.raw, { isFromProxy, next, answering: routing })
    this.request = asSeenBy(request, this.#node.request)
    this.req = request
    this.res = reply
    this.#client = new NodeClient(reply.raw, new ReplySending(reply), new ReplyHead(reply))
  }

  get key(): object {
    return this.#node.key
  }

  get isAnswered(): boolean {
    return this.res.sent || this.#node.isAnswered
  }

  get client(): Client {
    return this.#client
  }

  pass(): void {
    this.#node.pass()
  }

  /** From now on the fields are on their way to the raw response. */
  ask(watcher: Watcher, how: Asking): void {
    this.#client = this.#node.client
    this.#node.ask(watcher, how)
  }

  get again(): Exchange['again'] {
    return this.#node.again
  }
}

/** Returns whether the application trusts whoever sent the request: it asks Fastify about one through that proxy. */
function comesFromProxy(request: FastifyRequest): boolean {
  if (request.ips === undefined) return false
  const raw = { socket: request.raw.socket, headers: { 'x-forwarded-for': '192.0.2.1' } }
  return (Reflect.get(request, 'ips', { raw }) as readonly string[]).length > 1
}

/** Scheme and host are those that the application sees. */
function asSeenBy({ protocol, host }: FastifyRequest, request: HttpRequest): HttpRequest {
  return {
    ...request,
    scheme: protocol.toLowerCase(),
    // Of several `Host` lines Node keeps one, an application might see another.
    host: request.host === undefined ? undefined : host.toLowerCase(),
  }
}

/** Sends a body past Fastify, behind the head that its reply has by then. */
class ReplySending implements Sending {
  readonly #reply: FastifyReply

  constructor(reply: FastifyReply) {
    this.#reply = reply
  }

  write(chunk: Uint8Array): boolean {
    this.#sendHead()
    return this.#reply.raw.write(chunk)
  }

  end(chunk?: Uint8Array): void {
    this.#sendHead()
    if (chunk === undefined) this.#reply.raw.end()
    else this.#reply.raw.end(chunk)
  }

  onDrain(listener: () => void): void {
    this.#reply.raw.once('drain', listener)
  }

  #sendHead(): void {
    const { raw, statusCode } = this.#reply
    if (raw.headersSent) return
    this.#reply.hijack()
    raw.writeHead(statusCode, this.#reply.getHeaders() as Record<string, string>)
  }
}
