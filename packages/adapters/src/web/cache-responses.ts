import type { StoreHealth } from '@diskcache/core'
import { checkBoolean, checkChoice, checkOptions } from '@diskcache/core'
import { HttpCache, type RouteOptions, type StoredResponse } from '../http/http-cache.ts'
import type { HttpCacheOptions } from '../http/options/options.ts'
import type { PurgeRequest } from '../http/options/purge-request.ts'
import type { StoreSource } from '../store/open-store.ts'
import { type Responder, responderOf } from './responder.ts'

/**
 * What {@link cacheResponses} stores, for whom, and how long a request waits. The functions among these are given the
 * request, and the response once the application has made one.
 */
export interface CacheResponsesOptions extends HttpCacheOptions<Request, Response | undefined> {
  /**
   * Whether scheme and host are those that `X-Forwarded-Proto` and `X-Forwarded-Host` name, rather than those of
   * `request.url`; `false` by default. For applications that only a proxy of their own can reach.
   */
  readonly trustProxy?: boolean | undefined
  /**
   * Which answers have the field `Cache-Status`: those that the cache looked at, with `'judged'`, the default, or
   * `'always'`. It does not look at most answers of a route that it remembers as not storable; to leave these as they are
   * keeps them as fast as without the cache, on servers that send an untouched `Response` by a shorter way.
   */
  readonly cacheStatus?: CacheStatusOf | undefined
}

const CACHE_STATUS_OF = ['judged', 'always'] as const

/** Which answers say in `Cache-Status` what the cache did. */
export type CacheStatusOf = (typeof CACHE_STATUS_OF)[number]

/** The options that a route may have of its own. */
export type CacheRouteOptions = RouteOptions<Request, Response | undefined>

/** A cache for handlers, and what an application may do with it. `await using` closes it. */
export interface CacheResponses extends Responder, AsyncDisposable {
  /**
   * Returns the same cache for a route with options of its own; those that it leaves out are the cache's.
   *
   * @throws TypeError, RangeError for an unknown or illegal option, or one that no route has for itself
   */
  route(options: CacheRouteOptions): Responder
  /**
   * Removes responses, for all processes, also those that are being made just now, or makes them stale. Returns whether there was one.
   * Unlike the handlers, this rejects when the store fails.
   *
   * @throws TypeError for something that is not exactly one of the ways, or a malformed URL or tag
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed; what else the store fails with is passed on
   */
  purge(what: PurgeRequest): Promise<boolean>
  /**
   * Iterates over the stored responses, expired ones left out. Reads the whole store: for a page that an administrator
   * looks at.
   */
  list(): AsyncIterableIterator<StoredResponse>
  /**
   * Returns how the store does, as far as this process has noticed: while it is away, requests go past the cache at once.
   */
  health(): StoreHealth
  /**
   * Lets requests from now on go past the cache, and resolves when the answers that are complete have been stored.
   * Closes the store, if it was opened here.
   */
  close(): Promise<void>
}

/**
 * Keeps what handlers answer that take a `Request` and return a `Response` (those of Hono, Next.js, Nitro, Bun, Deno),
 * for all processes that use the same store: a shared cache after RFC 9111. Only a response that says that it may be
 * shared and how long it is fresh is stored; with `ttl`, also one that says nothing. A response that could be meant for
 * one user never is. When the store fails, the handler answers without it, and the channel `diskcache:error` is told.
 * `Cache-Status` says what was done (RFC 9211).
 *
 * @throws TypeError, RangeError for something that is no store, or an unknown or illegal option
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { cacheResponses } from '@diskcache/adapters/web'
 *
 * const cache = cacheResponses('cache-directory')
 * const handle = cache.wrap((_request: Request) =>
 *   Response.json(['lamp'], { headers: { 'Cache-Control': 'public, max-age=60', 'Cache-Tag': 'products' } }),
 * )
 *
 * const response = await handle(new Request('https://shop.example/products'))
 * assert.deepEqual(await response.json(), ['lamp'])
 * assert.equal(await cache.purge({ tag: 'products' }), true)
 * await cache.close()
 * ```
 */
export function cacheResponses(source: StoreSource, options: CacheResponsesOptions = {}): CacheResponses {
  checkOptions('the options of the response cache', options, Object.keys(Object(options)))
  const { trustProxy = false, cacheStatus = 'judged', ...ofCache } = options
  checkBoolean('trustProxy', trustProxy)
  const isSilent = checkChoice('cacheStatus', cacheStatus, CACHE_STATUS_OF) === 'judged'
  const how = { isFromProxy: trustProxy, isSilent }
  const cache = new HttpCache(source, ofCache)
  const close = () => cache.close()
  return {
    ...responderOf(cache, how),
    route: (own) => responderOf(cache.route(own), how),
    purge: (what) => cache.purge(what),
    list: () => cache.list(),
    health: () => cache.health(),
    close,
    [Symbol.asyncDispose]: close,
  }
}
