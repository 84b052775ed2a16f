import { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { NOBODY, type Place, proxyFields } from '../http/exchange/nobody.ts'
import type { NodeRequest } from './node-request.ts'

export interface SyntheticExchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
}

/** What a request of nobody is made of. */
export interface OwnParts {
  readonly fields: Readonly<Record<string, string>>
  readonly place: Place
  /** Whether the original came through a proxy that the application trusts. */
  readonly isFromProxy: boolean
}

/** A connection with nobody at the other end. */
class NullSocket extends Duplex {
  readonly remoteAddress: string | undefined
  readonly remotePort: number | undefined
  readonly encrypted: boolean

  constructor({ socket }: NodeRequest, remoteAddress: string | undefined) {
    super()
    this.remoteAddress = remoteAddress
    this.remotePort = socket.remotePort
    this.encrypted = (socket as Partial<TLSSocket>).encrypted === true
  }

  override _read(): void {}

  /** In another turn of the event loop, or a long body would come in one, and everybody else wait. */
  override _write(_chunk: unknown, _encoding: BufferEncoding, callback: () => void): void {
    setImmediate(callback)
  }

  setTimeout(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }
}

/**
 * Makes a `GET` of the same URL with these header fields and no others, and a response to it. It comes from nobody's
 * address; behind a trusted proxy through that proxy, which says so.
 */
export function syntheticExchange(
  original: NodeRequest,
  { fields, place, isFromProxy }: OwnParts,
): SyntheticExchange {
  const address = isFromProxy ? original.socket.remoteAddress : NOBODY
  const socket = new NullSocket(original, address) as unknown as Socket
  const req = new IncomingMessage(socket)
  const headers = {
    ...hostFields(original.headers),
    ...(isFromProxy && proxyFields((name) => original.headers[name] !== undefined, place)),
    ...fields,
  }
  Object.assign(req, { method: 'GET', url: original.originalUrl ?? original.url, httpVersion: '1.1' })
  Object.assign(req, { httpVersionMajor: 1, httpVersionMinor: 1, complete: true })
  Object.assign(req, { headers, rawHeaders: Object.entries(headers).flat() })
  req.push(null)
  const res = new ServerResponse(req)
  res.assignSocket(socket)
  // As a server of Node does for its connections.
  socket.on('drain', () => res.emit('drain'))
  return { req, res }
}

/** The host, in the field of the version of HTTP. */
function hostFields({ host, ':authority': authority }: NodeRequest['headers']): Record<string, string> {
  return typeof authority === 'string' ? { ':authority': authority } : { host: host ?? '' }
}
