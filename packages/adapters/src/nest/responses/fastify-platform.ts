import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { NodeRequest } from '../../node/node-request.ts'
import type { Platform } from './platform.ts'

/** A request of Fastify, as far as it is looked at here. */
export interface FastifyRequest {
  readonly raw: NodeRequest
  readonly protocol: string
  readonly host: string
  /** The sender, and those whom proxies name that are trusted; `undefined` when none is. */
  readonly ips?: readonly unknown[] | undefined
}

/** A reply of Fastify, as far as it is looked at here. */
export interface FastifyReply {
  readonly raw: ServerResponse
  getHeaders(): OutgoingHttpHeaders
  hijack(): unknown
}

/** How Fastify answers; `view` is that of `@fastify/view`. */
const ANSWERS = ['send', 'view'] as const

/** Returns what lies beneath a request and a reply of Fastify. */
export function fastifyPlatform(request: FastifyRequest, reply: FastifyReply): Platform {
  return {
    ...{ req: request.raw, res: reply.raw },
    isFromProxy: comesFromProxy(request),
    place: { scheme: request.protocol, host: request.host },
    showFields: () => showFields(reply),
    silence: () => {
      reply.hijack()
      for (const name of ANSWERS) Object.assign(reply, { [name]: () => reply })
    },
  }
}

/** Returns whether the application trusts whoever sent the request: it asks Fastify about one through that proxy. */
function comesFromProxy(request: FastifyRequest): boolean {
  if (request.ips === undefined) return false
  const raw = { socket: request.raw.socket, headers: { 'x-forwarded-for': '192.0.2.1' } }
  return (Reflect.get(request, 'ips', { raw }) as readonly unknown[]).length > 1
}

/** Fastify keeps the fields of a reply until it sends them. */
function showFields(reply: FastifyReply): () => void {
  const { raw } = reply
  const before = raw.getHeaders()
  const shown = Object.entries(reply.getHeaders()).filter(([name, value]) => before[name] !== value)
  for (const [name, value] of shown) setField(raw, name, value)
  return () => {
    for (const [name] of shown) setField(raw, name, before[name])
  }
}

function setField(res: ServerResponse, name: string, value: OutgoingHttpHeaders[string]): void {
  if (value === undefined) res.removeHeader(name)
  else res.setHeader(name, value)
}
