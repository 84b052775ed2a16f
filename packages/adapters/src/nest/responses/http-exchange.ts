import type { ExecutionContext } from '@nestjs/common'
import type { AbstractHttpAdapter } from '@nestjs/core'

/** A request, as far as the cache looks at it: that of Express, or that of Fastify. */
export interface HttpRequest {
  /** The headers of the request, with names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The scheme, `'http'` or `'https'`, which a trusted proxy may have named. */
  readonly protocol?: string | undefined
  /** The sender whom a guard found; `undefined` or `null` for nobody. */
  readonly user?: unknown
}

interface HttpResponse {
  readonly statusCode: number
  getHeaders(): Record<string, HeaderValue | undefined>
}

export type HeaderValue = string | number | readonly string[]
export type Headers = Readonly<Record<string, HeaderValue>>

/** A request and its response, whatever the platform. */
export class HttpExchange {
  readonly request: HttpRequest
  readonly #response: HttpResponse
  readonly #adapter: AbstractHttpAdapter

  constructor(context: ExecutionContext, adapter: AbstractHttpAdapter) {
    const http = context.switchToHttp()
    this.request = http.getRequest()
    this.#response = http.getResponse()
    this.#adapter = adapter
  }

  get method(): string {
    return this.#adapter.getRequestMethod(this.request)
  }

  /** Path and query, as the client sent them. */
  get url(): string {
    return this.#adapter.getRequestUrl(this.request)
  }

  /** The host that the client believes it talks to: both as the client said, and as a trusted proxy did. */
  get host(): readonly (string | undefined)[] {
    const { protocol } = this.request
    return [protocol, this.#adapter.getRequestHostname(this.request), this.header('host')]
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name]
    return Array.isArray(value) ? value.join('\n') : value
  }

  get status(): number {
    return this.#response.statusCode
  }

  get isAnswered(): boolean {
    return this.#adapter.isHeadersSent(this.#response)
  }

  /** The headers of the response that have been set so far, with names in lower case. */
  get responseHeaders(): Headers {
    const entries = Object.entries(this.#response.getHeaders())
    const set = entries.filter((entry): entry is [string, HeaderValue] => entry[1] !== undefined)
    return Object.fromEntries(set.map(([name, value]) => [name.toLowerCase(), value]))
  }

  setHeader(name: string, value: HeaderValue): void {
    // Nest declares strings only, and hands on what it is given.
    this.#adapter.setHeader(this.#response, name, value as string)
  }
}
