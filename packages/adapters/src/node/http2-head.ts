import type { OutgoingHttpHeaders } from 'node:http'
import type { HeaderValue } from '../http/fields/header-values.ts'
import type { ResponseHead } from '../http/fields/response-head.ts'

/** The head of a response of HTTP/2, which has no reason phrase, and names in lower case alone. */
export class Http2Head implements ResponseHead {
  readonly #res: Omit<ResponseHead, 'getRawHeaderNames'>

  /** Takes the response of `node:http2`'s compatibility API. */
  constructor(res: ResponseHead) {
    this.#res = res
  }

  get statusCode(): number {
    return this.#res.statusCode
  }

  set statusCode(status: number) {
    this.#res.statusCode = status
  }

  get statusMessage(): string {
    return ''
  }

  /** There is none, and Node would warn. */
  set statusMessage(_message: string) {}

  getHeader(name: string): HeaderValue {
    return this.#res.getHeader(name)
  }

  hasHeader(name: string): boolean {
    return this.#res.hasHeader(name)
  }

  setHeader(name: string, value: number | string | readonly string[]): unknown {
    return this.#res.setHeader(name, value)
  }

  removeHeader(name: string): void {
    this.#res.removeHeader(name)
  }

  getHeaders(): OutgoingHttpHeaders {
    return this.#res.getHeaders()
  }

  getRawHeaderNames(): string[] {
    return Object.keys(this.#res.getHeaders())
  }
}
