import type { Key, Tag } from '@diskcache/core'
import type { ExecutionContext } from '@nestjs/common'
import type { HttpRequest } from './http-exchange.ts'

/** Whom a response belongs to. */
export type Owner = Key | null | undefined

export interface CachedResponseOptions<R = HttpRequest> {
  /** Time to live in milliseconds. */
  ttl: number
  /** A label for `@EvictTag`, which may depend on the request. */
  tag?: Tag | ((request: R) => Tag) | undefined
  /** Names of request headers that the response depends on: responses are kept apart by their values. */
  vary?: readonly string[] | undefined
  /**
   * Says whom the response belongs to, such as the user's id: responses are kept apart by it, also for requests with
   * credentials. For `undefined` or `null` none is kept. One value for all requests says that the response is everybody's.
   */
  trackBy?: ((request: R, context: ExecutionContext) => Owner | Promise<Owner>) | undefined
  /** Makes plain data of what the handler gives, as `instanceToPlain` of class-transformer does. */
  serialize?: ((value: unknown) => unknown) | undefined
  /** The name of the store. */
  store?: string | undefined
}

/** Completed, with names of headers in lower case and in order. */
export interface ResponseOptions extends CachedResponseOptions {
  readonly vary: readonly string[]
  readonly store: string
}

/** The metadata of a route or controller that has them. */
export const RESPONSE_OPTIONS = 'diskcache:response'
