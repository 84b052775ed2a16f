import { checkFunction, checkOptions, checkString, type Key, type Tags } from '@diskcache/core'
import type { ExecutionContext } from '@nestjs/common'
import type { RouteOptions } from '../../http/http-cache.ts'
import { resolveOptions } from '../../http/options/options.ts'
import { refuseOptionsOfStores } from '../../http/options/options-of-stores.ts'
import { responseTags } from '../stores/response-tag.ts'
import { DEFAULT_STORE } from '../stores/store-token.ts'

/** A request, as far as the options of a response look at it by themselves: that of Express, or that of Fastify. */
export interface HttpRequest {
  /** The headers of the request, with names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The sender whom a guard found; `undefined` or `null` for nobody. */
  readonly user?: unknown
}

/** Whom a response belongs to, such as a user's id; `undefined` or `null` when that is not known. */
export type Owner = Key | null | undefined

/**
 * How {@link CachedResponse} keeps the responses of a route, and whom it gives them to: the options of HTTP caching, and
 * those of Nest.
 */
export interface CachedResponseOptions<R = HttpRequest> extends Omit<RouteOptions<R>, 'tags'> {
  /** A label for `@EvictTag`, or several, or a function of the request that returns them. None by default. */
  tag?: Tags | ((request: R) => Tags) | undefined
  /**
   * Says whom the response belongs to, such as the user's id: responses are kept apart by it, also for requests with
   * credentials, and those that say `private`. For `undefined` or `null` none is kept. One value for all requests says
   * that the response is everybody's.
   */
  trackBy?: ((request: R, context: ExecutionContext) => Owner | Promise<Owner>) | undefined
  /** Makes something else of what the handler returns, before outer interceptors see it. */
  serialize?: ((value: unknown) => unknown) | undefined
  /** The name of the store; `'default'` when left out. */
  store?: string | undefined
}

/** The options, checked and complete. */
export interface ResponseOptions {
  readonly trackBy: ((request: never, context: ExecutionContext) => Owner | Promise<Owner>) | undefined
  readonly serialize: ((value: unknown) => unknown) | undefined
  readonly store: string
  /** What the cache of the route is told. */
  readonly route: RouteOptions
}

/** The metadata of a route or controller that has them. */
export const RESPONSE_OPTIONS = 'diskcache:response'

/**
 * Completes options.
 *
 * @throws TypeError, RangeError naming the option and the value that is illegal
 */
export function responseOptions<R>(options: CachedResponseOptions<R>): ResponseOptions {
  checkOptions('the options of @CachedResponse', options, Object.keys(Object(options)))
  refuseOptionsOfStores(options, (name) =>
    name === 'cache'
      ? 'give DiskCacheModule the options of its store'
      : `give DiskCacheModule responses: { ${name} }`,
  )
  if ((options as { tags?: unknown }).tags !== undefined)
    throw new TypeError('Cannot use tags for @CachedResponse: its option is tag, for @EvictTag, too')
  const { tag, trackBy, serialize, store = DEFAULT_STORE, ...others } = options
  checkString('store', store)
  for (const [name, value] of Object.entries({ trackBy, serialize }))
    if (value !== undefined) checkFunction(name, value)
  const route = {
    ...others,
    tags: tag === undefined ? undefined : tagsOf(tag),
  } as RouteOptions
  resolveOptions(route)
  return { trackBy, serialize, store, route }
}

function tagsOf<R>(tag: NonNullable<CachedResponseOptions<R>['tag']>): RouteOptions<R>['tags'] {
  return typeof tag === 'function' ? (request) => responseTags(tag(request)) : responseTags(tag)
}
