import { checkOptions } from '@diskcache/core'
import type { FastifyReply, FastifyRequest, onRequestHookHandler, RouteOptions } from 'fastify'
import type { HttpCache, RouteCache } from '../http/http-cache.ts'
import { FastifyExchange } from './fastify-exchange.ts'
import { type CacheHook, type CacheRouteOptions, checkHook } from './route-options.ts'

type Cache = RouteCache<FastifyRequest, FastifyReply>

/** Puts a cache in front of the routes of an application. */
export class CachedRoutes {
  readonly #cache: HttpCache<FastifyRequest, FastifyReply>
  readonly #isGlobal: boolean
  readonly #hook: CacheHook
  /** By their options, which a route of `GET` has in common with that of `HEAD`, and must: one makes anew for both. */
  readonly #caches = new Map<CacheRouteOptions, Cache>()

  constructor(
    cache: HttpCache<FastifyRequest, FastifyReply>,
    { isGlobal, hook }: { readonly isGlobal: boolean; readonly hook: CacheHook },
  ) {
    this.#cache = cache
    this.#isGlobal = isGlobal
    this.#hook = hook
  }

  /**
   * Lets the cache answer requests for a route, if it is to be cached, behind the route's own hooks.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   */
  add(route: RouteOptions): void {
    const { cache: own = this.#isGlobal } = route.config ?? {}
    if (own === false) return
    if (own !== true) checkOptions('config.cache', own, Object.keys(Object(own)))
    const { hook = this.#hook } = own === true ? {} : own
    const handler = handlerOf(own === true ? this.#cache : this.#with(own))
    const others = route[checkHook(hook)] ?? []
    route[hook] = [others, handler].flat() as onRequestHookHandler[]
  }

  #with(options: CacheRouteOptions): Cache {
    const { hook: _, ...ofCache } = options
    const cache = this.#caches.get(options) ?? this.#cache.route(ofCache)
    this.#caches.set(options, cache)
    return cache
  }
}

/** Returns a hook that goes on where the application is to answer, and otherwise never. */
function handlerOf(cache: Cache): onRequestHookHandler {
  return (request, reply, done) => cache.handle(new FastifyExchange(request, reply, done))
}
