import type { Key, Tag } from '@diskcache/core'
import type { ExecutionContext } from '@nestjs/common'
import type { HttpRequest } from './http-exchange.ts'

/** Whom a response belongs to, such as a user's id; `undefined` or `null` when that is not known. */
export type Owner = Key | null | undefined

/** How {@link CachedResponse} keeps the responses of a route, and whom it gives them to. */
export interface CachedResponseOptions<R = HttpRequest> {
  /** The time to live in milliseconds; `Infinity` is for ever. Required. */
  ttl: number
  /** A label for `@EvictTag`, or a function of the request that returns one. None by default. */
  tag?: Tag | ((request: R) => Tag) | undefined
  /**
   * Names of request headers that the response depends on: responses are kept apart by their values. None by default.
   */
  vary?: readonly string[] | undefined
  /**
   * Says whom the response belongs to, such as the user's id: responses are kept apart by it, also for requests with
   * credentials. For `undefined` or `null` none is kept. One value for all requests says that the response is
   * everybody's.
   */
  trackBy?: ((request: R, context: ExecutionContext) => Owner | Promise<Owner>) | undefined
  /**
   * Makes plain data of what the handler returns, as `instanceToPlain` of class-transformer does. Without it, data of
   * classes is not kept.
   */
  serialize?: ((value: unknown) => unknown) | undefined
  /** The name of the store; `'default'` when left out. */
  store?: string | undefined
}

/** The completed options, with names of headers in lower case and in order. */
export interface ResponseOptions extends CachedResponseOptions {
  readonly vary: readonly string[]
  readonly store: string
}

/** The metadata of a route or controller that has them. */
export const RESPONSE_OPTIONS = 'diskcache:response'
