import type { IncomingMessage } from 'node:http'

/** A request of `node:http`, with what routers on it keep, as far as the rules look at it. */
export interface HttpRequest
  extends Pick<IncomingMessage, 'headers' | 'method' | 'rawHeaders' | 'socket' | 'url'> {
  /** Path and query as the client sent them. */
  readonly originalUrl: string
  /** The part of the path that routers have taken from `url`. */
  readonly baseUrl?: string | undefined
}
