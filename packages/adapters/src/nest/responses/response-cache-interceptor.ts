import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { map, Observable, tap } from 'rxjs'
import type { RouteCache } from '../../http/http-cache.ts'
import { metadata } from '../stores/metadata.ts'
import { STORE_REGISTRY, type StoreRegistry } from '../stores/store-registry.ts'
import { NestExchange, type NestExchangeOptions } from './nest-exchange.ts'
import { platformOf } from './platform-of.ts'
import { RESPONSE_OPTIONS, type ResponseOptions } from './response-options.ts'
import { ownerOf } from './response-owner.ts'

/** Nest's mark of routes with server-sent events, which never end. */
const SERVER_SENT_EVENTS = '__sse__'

/** The metadata in which Nest keeps the version of a route or controller. */
const VERSION = '__version__'

/** Does what {@link CachedResponse} says. */
export class ResponseCacheInterceptor implements NestInterceptor {
  readonly #registry: StoreRegistry
  readonly #reflector: Reflector
  readonly #caches = new Map<ResponseOptions, RouteCache>()

  constructor(registry: StoreRegistry, reflector: Reflector) {
    this.#registry = registry
    this.#reflector = reflector
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const options = this.#optionsOf(context)
    if (options === undefined) return next.handle()
    const http = context.switchToHttp()
    const [request, response] = [http.getRequest(), http.getResponse()]
    const owner = await ownerOf(options, request as never, context)
    // Called here, since Nest binds the values of `AsyncLocalStorage` to it.
    const handled = handledBy(next, options)
    return new Observable((subscriber) => {
      const forwarding: NestExchangeOptions = {
        ...{ owner, route: routeOf(context) },
        next: () => handled.pipe(tap({ unsubscribe: () => exchange.leaveHandler() })).subscribe(subscriber),
        onAnswer: () => {
          subscriber.next(undefined)
          subscriber.complete()
        },
      }
      const exchange = new NestExchange(platformOf(request, response), { request, response }, forwarding)
      this.#cacheOf(options).handle(exchange)
      return () => exchange.leave()
    })
  }

  #optionsOf(context: ExecutionContext): ResponseOptions | undefined {
    const handler = context.getHandler()
    if (context.getType() !== 'http' || this.#reflector.get(SERVER_SENT_EVENTS, handler)) return undefined
    return this.#reflector.getAllAndOverride(RESPONSE_OPTIONS, [handler, context.getClass()])
  }

  #cacheOf(options: ResponseOptions): RouteCache {
    const known = this.#caches.get(options)
    if (known !== undefined) return known
    const cache = this.#registry.responses(options.store).route(options.route)
    this.#caches.set(options, cache)
    return cache
  }
}

Injectable()(ResponseCacheInterceptor)
Inject(STORE_REGISTRY)(ResponseCacheInterceptor, undefined, 0)
Inject(Reflector)(ResponseCacheInterceptor, undefined, 1)

function handledBy(next: CallHandler, { serialize }: ResponseOptions): Observable<unknown> {
  return serialize === undefined ? next.handle() : next.handle().pipe(map((value) => serialize(value)))
}

/** Returns what tells a handler from others: routes of one URL may differ by a version that stands in a header. */
function routeOf(context: ExecutionContext): string {
  const [type, handler] = [context.getClass(), context.getHandler()]
  const versions = [handler, type].map((target) => String(metadata.getMetadata(VERSION, target)))
  return JSON.stringify([type.name, handler.name, ...versions])
}
