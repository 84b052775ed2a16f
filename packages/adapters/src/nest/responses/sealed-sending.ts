import type { ServerResponse } from 'node:http'
import type { Client } from '../../http/exchange/client.ts'

/** The methods by which a body is sent. */
type Sending = Pick<ServerResponse, 'write' | 'end'>

/** Methods that throw once the head is sent. */
const OF_HEAD = ['writeHead', 'setHeader', 'appendHeader', 'removeHeader'] as const

/**
 * Sends the cache's answer. With the first byte the response is sealed: whatever others do to answer does nothing any
 * more, be it Nest, an exception filter, or an outer interceptor that has failed. Middleware before the cache may send the
 * head only now, and is not kept from it.
 */
export class SealedSending {
  readonly #res: ServerResponse
  /** Called when the first of the answer, with the head, is on its way. */
  readonly #onStart: () => void
  /** The methods as middleware before the cache left them. */
  #inner: Sending | undefined
  #isSending = false

  constructor(res: ServerResponse, onStart: () => void) {
    this.#res = res
    this.#onStart = onStart
  }

  /** What a client does to send. */
  get methods(): Pick<Client, 'write' | 'end' | 'onDrain'> {
    return {
      write: (chunk) => this.#send('write', [chunk]) !== false,
      end: (chunk) => void this.#send('end', chunk === undefined ? [] : [chunk]),
      onDrain: (listener) => void this.#res.once('drain', listener),
    }
  }

  #send(method: keyof Sending, args: readonly unknown[]): unknown {
    const isFirst = this.#inner === undefined
    this.#inner ??= this.#seal()
    this.#isSending = true
    try {
      return Reflect.apply(this.#inner[method], this.#res, args)
    } finally {
      this.#isSending = false
      if (isFirst) this.#onStart()
    }
  }

  #seal(): Sending {
    const res = this.#res
    const { write, end } = res
    const isSending = () => this.#isSending
    Object.assign(res, {
      write: guarded(res, write, isSending, true),
      end: guarded(res, end, isSending, res),
    })
    for (const name of OF_HEAD)
      Object.assign(res, { [name]: guarded(res, res[name], () => !res.headersSent, res) })
    return { write, end }
  }
}

/** Returns a method that does nothing, and returns `nothing`, unless it may. */
function guarded(
  res: ServerResponse,
  method: (...args: never[]) => unknown,
  mayDo: () => boolean,
  nothing: unknown,
) {
  return (...args: unknown[]) => (mayDo() ? Reflect.apply(method, res, args) : nothing)
}
