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
  /** The field `Cache-Control`, of a request whose other fields may not be looked at. */
  readonly cacheControl: string | undefined
  /** Whether the client has shown a certificate. */
  readonly hasCertificate: boolean
  /**
   * Whom responses to the request belong to, and are given to alone, as a text that the application made; `null` when it does
   * not know, so that the request goes past the cache. Left out: they are everybody's, unless something says that they are not.
   */
  readonly owner?: string | null | undefined
}
