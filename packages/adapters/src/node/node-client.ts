import type { ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import type { Client } from '../http/exchange/client.ts'
import type { Field } from '../http/fields/header-values.ts'
import type { ResponseHead } from '../http/fields/response-head.ts'
import { Http2Head } from './http2-head.ts'

/** How a body is sent. */
export type Sending = Pick<Client, 'write' | 'end' | 'onDrain'>

/** Returns the head of a response. Every outgoing message of Node has these methods; not all are declared. */
export function headOf(res: ServerResponse): ResponseHead {
  const head = res as unknown as ResponseHead
  return head.getRawHeaderNames === undefined ? new Http2Head(head) : head
}

/**
 * The client behind a response. A class, since an object with a getter of its own would have a shape of its own in V8, which
 * keeps what belongs to it alive until the next collection of everything.
 */
export class NodeClient implements Client {
  readonly head: ResponseHead
  readonly #res: ServerResponse
  readonly #sending: Sending | undefined

  /** `sending` sends the body, and `head` is its head, where that is not for the response itself. */
  constructor(res: ServerResponse, sending?: Sending, head = headOf(res)) {
    this.head = head
    this.#res = res
    this.#sending = sending
  }

  get isGone(): boolean {
    return this.#res.destroyed ?? streamOf(this.#res)?.destroyed ?? false
  }

  write(chunk: Uint8Array): boolean {
    return (this.#sending ?? this.#res).write(chunk)
  }

  end(chunk?: Uint8Array): void {
    const sending = this.#sending ?? this.#res
    if (chunk === undefined) sending.end()
    else sending.end(chunk)
  }

  /** HTTP/1.0 has none: Node would refuse the head. */
  trailers(fields: readonly Field[]): boolean {
    if (this.#res.req.httpVersion === '1.0') return false
    this.head.setHeader('Trailer', fields.map(([name]) => name).join(', '))
    this.#res.addTrailers(Object.fromEntries(fields) as Record<string, string>)
    return true
  }

  destroy(): void {
    this.#res.destroy()
  }

  onDrain(listener: () => void): void {
    if (this.#sending === undefined) this.#res.once('drain', listener)
    else this.#sending.onDrain(listener)
  }

  onGone(listener: () => void): () => void {
    this.#res.once('close', listener)
    return () => void this.#res.removeListener('close', listener)
  }

  /** `compression` goes by what the client accepts. */
  forbidCoding(): void {
    this.#res.req.headers['accept-encoding'] = 'identity'
  }
}

/** Returns the stream of a response of HTTP/2, which alone knows whether the client is there. */
function streamOf(res: ServerResponse): Partial<Pick<Writable, 'destroyed'>> | undefined {
  return (res as { stream?: Partial<Pick<Writable, 'destroyed'>> }).stream
}
