import type { StoreHealth } from '@diskcache/core'
import { checkBoolean } from '@diskcache/core'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { HttpCache, type StoredResponse } from '../http/http-cache.ts'
import type { HttpCacheOptions } from '../http/options/options.ts'
import type { PurgeRequest } from '../http/options/purge-request.ts'
import type { StoreSource } from '../store/open-store.ts'
import { CachedRoutes } from './cached-routes.ts'
import { type CacheHook, type CacheRouteOptions, checkHook } from './route-options.ts'

/** What {@link cacheResponses} stores, where, for whom, and how long a request waits. */
export interface CacheResponsesOptions extends HttpCacheOptions<FastifyRequest, FastifyReply> {
  /** A directory, in which a `Cache` is opened, or a store that is open, and that stays open. */
  readonly store: StoreSource
  /**
   * Whether all routes are cached but those with `config: { cache: false }`; `true` by default. Otherwise only those
   * with `config: { cache: true }`, or options there.
   */
  readonly global?: boolean | undefined
  /**
   * Where requests are answered from the cache: after the hooks of that name, those of the route included, so that what
   * these refuse stays refused; `'onRequest'` by default.
   */
  readonly hook?: CacheHook | undefined
}

/** What an application may do with its cache. */
export interface CachedResponses {
  /**
   * Removes responses, for all processes, also those that are being made just now, or makes them stale. Returns whether there was one.
   * Unlike the hooks, this rejects when the store fails.
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
}

declare module 'fastify' {
  interface FastifyInstance {
    /** What an application may do with the cache of its responses. */
    responseCache: CachedResponses
  }
  interface FastifyContextConfig {
    /** Whether the responses of the route are cached, or the options that it has of its own. */
    cache?: boolean | CacheRouteOptions
  }
}

/**
 * Keeps the responses of a Fastify 5 application, for all processes that use the same store: a plugin that is a shared
 * cache after RFC 9111, for the routes that are registered after it. Only a response that says that it may be shared and
 * how long it is fresh is stored; with `ttl`, also one that says nothing. A response that could be meant for one user
 * never is. When the store fails, the application answers without it, and the channel `diskcache:error` is told.
 * `Cache-Status` says what was done (RFC 9211). It is closed with the application.
 *
 * @throws TypeError, RangeError for something that is no store, or an unknown or illegal option
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { cacheResponses } from '@diskcache/adapters/fastify'
 * import Fastify from 'fastify'
 *
 * const app = Fastify()
 * await app.register(cacheResponses, { store: 'cache-directory' })
 * app.get('/products', async (_request, reply) => {
 *   reply.headers({ 'Cache-Control': 'public, max-age=60', 'Cache-Tag': 'products' })
 *   return ['lamp']
 * })
 *
 * const response = await app.inject('/products')
 * assert.deepEqual(response.json(), ['lamp'])
 * assert.equal(await app.responseCache.purge({ tag: 'products' }), true)
 * await app.close()
 * ```
 */
export const cacheResponses: FastifyPluginAsync<CacheResponsesOptions> = Object.assign(
  (async (fastify, { store, global: isGlobal = true, hook = 'onRequest', ...options }) => {
    checkBoolean('global', isGlobal)
    checkHook(hook)
    const cache = new HttpCache(store, options)
    const routes = new CachedRoutes(cache, { isGlobal, hook })
    fastify.decorate('responseCache', {
      purge: (what) => cache.purge(what),
      list: () => cache.list(),
      health: () => cache.health(),
    })
    fastify.addHook('onRoute', (route: RouteOptions) => routes.add(route))
    fastify.addHook('onClose', () => cache.close())
  }) satisfies FastifyPluginAsync<CacheResponsesOptions>,
  {
    // It is for the scope that registers it, not for one of its own.
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: '@diskcache/adapters',
    [Symbol.for('plugin-meta')]: { name: '@diskcache/adapters', fastify: '5.x' },
  },
)
