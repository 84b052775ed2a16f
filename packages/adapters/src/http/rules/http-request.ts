import type { IncomingHttpHeaders } from 'node:http'

/** A request, as far as the rules look at it, whatever framework it came through. */
export interface HttpRequest {
  /** The method, such as `'GET'`. */
  readonly method: string
  /** `'http'` or `'https'`, as the application sees it: what a trusted proxy says counts. */
  readonly scheme: string
  /** The host, with its port if it has one, as the application sees it; `undefined` when it is not certain. */
  readonly host: string | undefined
  /** Path and query as the client sent them. */
  readonly url: string
  /** What earlier middleware has made of path and query; `undefined` when they are as the client sent them. */
  readonly rewritten: string | undefined
  /** The fields, with names in lower case. */
  readonly headers: IncomingHttpHeaders
  /** Whether the client has shown a certificate. */
  readonly hasCertificate: boolean
}
