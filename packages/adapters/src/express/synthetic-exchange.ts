import { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { Request } from 'express'

export interface SyntheticExchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
}

/** A connection with nobody at the other end. */
class NullSocket extends Duplex {
  readonly remoteAddress: string | undefined
  readonly remotePort: number | undefined
  readonly encrypted: boolean

  constructor({ socket }: Request) {
    super()
    this.remoteAddress = socket.remoteAddress
    this.remotePort = socket.remotePort
    this.encrypted = (socket as Partial<TLSSocket>).encrypted === true
  }

  override _read(): void {}

  override _write(_chunk: unknown, _encoding: BufferEncoding, callback: () => void): void {
    callback()
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
 * Makes a `GET` of the same URL, from the same neighbour, with these header fields and no others, and a response to it.
 */
export function syntheticExchange(original: Request, headers: Record<string, string>): SyntheticExchange {
  const socket = new NullSocket(original) as unknown as Socket
  const req = new IncomingMessage(socket)
  const fields = { host: original.headers.host ?? '', ...headers }
  Object.assign(req, { method: 'GET', url: original.originalUrl, httpVersion: '1.1' })
  Object.assign(req, { httpVersionMajor: 1, httpVersionMinor: 1, complete: true })
  Object.assign(req, { headers: fields, rawHeaders: Object.entries(fields).flat() })
  req.push(null)
  const res = new ServerResponse(req)
  res.assignSocket(socket)
  return { req, res }
}
