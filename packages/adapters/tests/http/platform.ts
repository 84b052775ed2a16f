import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { AsyncStore } from '@diskcache/core'
import type { HttpCacheOptions } from '../../src/http/index.ts'
import type { Answer, Ask } from './http-client.ts'

/** A request, as an origin sees it. */
export interface OriginRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

/** What an origin answers. */
export interface Reply {
  readonly status?: number | undefined
  readonly headers?: OutgoingHttpHeaders | undefined
  readonly body?: string | undefined
}

/** An application on a free port of this machine, with a cache before all its routes. */
export interface Running extends AsyncDisposable {
  ask(path: string, options?: Ask): Promise<Answer>
}

export interface Given {
  readonly store: AsyncStore
  readonly options: HttpCacheOptions
  /** Answers each request. It may throw, which the framework answers with 500. */
  readonly reply: (request: OriginRequest) => Reply | Promise<Reply>
}

/** A way to mount the cache. The suites of HTTP run over each. */
export interface Platform {
  readonly name: string
  /** Methods of requests, and names of cases and leak scenarios, that the framework does not take. */
  readonly lacks?: readonly string[]
  /** Whether another stands on the same adapter, so that a sample of the cases is enough. */
  readonly isSampled?: boolean
  /** Has an adapter of its own, but what is behind it is that of Express: a sample is the cases with even or odd numbers. */
  readonly half?: 'even' | 'odd'
  start(given: Given): Promise<Running>
}
