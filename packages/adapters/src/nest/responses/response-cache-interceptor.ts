import type { Key } from '@diskcache/core'
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  Logger,
  type NestInterceptor,
  type StreamableFile,
} from '@nestjs/common'
import { HttpAdapterHost, Reflector } from '@nestjs/core'
import { map, type Observable, of, tap } from 'rxjs'
import { findInstance } from '../methods/plain-data.ts'
import { STORE_REGISTRY, type StoreRegistry } from '../stores/store-registry.ts'
import { HttpExchange } from './http-exchange.ts'
import { headersToKeep, type KeptResponse, mayKeep } from './kept-response.ts'
import { responseKey } from './response-key.ts'
import { RESPONSE_OPTIONS, type ResponseOptions } from './response-options.ts'
import { ResponsePlace } from './response-place.ts'

/** Nest's mark of routes with server-sent events, which never end. */
const SERVER_SENT_EVENTS = '__sse__'

/** Does what {@link CachedResponse} says. A store that fails counts as one that has nothing; failures are logged. */
export class ResponseCacheInterceptor implements NestInterceptor {
  readonly #registry: StoreRegistry
  readonly #host: HttpAdapterHost
  readonly #reflector: Reflector
  readonly #logger = new Logger('DiskCacheModule')
  /** Routes whose values cannot be kept, which the log says once. */
  readonly #reported = new Set<unknown>()

  constructor(registry: StoreRegistry, host: HttpAdapterHost, reflector: Reflector) {
    this.#registry = registry
    this.#host = host
    this.#reflector = reflector
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const options = this.#optionsOf(context)
    if (options === undefined) return next.handle()
    const exchange = new HttpExchange(context, this.#host.httpAdapter)
    const key = await responseKey(exchange, context, options)
    if (key === undefined) return this.#handle(exchange, next, options, 'BYPASS')
    const place = this.#placeFor(exchange, key, options)
    const kept = await place.read()
    if (kept !== undefined) return replay(exchange, kept)
    const before = exchange.responseHeaders
    const isReserved = await place.reserve()
    return this.#handle(exchange, next, options, 'MISS').pipe(
      tap((body) => {
        if (!isReserved || !mayKeep(exchange, before, rulesOf(options))) return
        if (!this.#isKeepable(body, context)) return
        place.keep({ body, headers: headersToKeep(exchange.responseHeaders, before), time: Date.now() })
      }),
    )
  }

  #optionsOf(context: ExecutionContext): ResponseOptions | undefined {
    const handler = context.getHandler()
    if (context.getType() !== 'http' || this.#reflector.get(SERVER_SENT_EVENTS, handler)) return undefined
    return this.#reflector.getAllAndOverride(RESPONSE_OPTIONS, [handler, context.getClass()])
  }

  #handle(
    exchange: HttpExchange,
    next: CallHandler,
    { serialize }: ResponseOptions,
    outcome: string,
  ): Observable<unknown> {
    exchange.setHeader('X-Cache', outcome)
    return serialize === undefined ? next.handle() : next.handle().pipe(map((value) => serialize(value)))
  }

  #placeFor({ request }: HttpExchange, key: Key, { store, ttl, tag }: ResponseOptions): ResponsePlace {
    const terms = { ttl, tag: typeof tag === 'function' ? tag(request) : tag }
    return new ResponsePlace(this.#registry.get(store), key, terms, this.#logger)
  }

  /**
   * Returns whether a body may be kept. Outer interceptors see what was kept instead of what the handler returned, so
   * that both must be the same to them.
   */
  #isKeepable(body: unknown, context: ExecutionContext): boolean {
    if (body === undefined || isStream(body)) return false
    const found = findInstance(body)
    if (found === undefined) return true
    const handler = context.getHandler()
    if (!this.#reported.has(handler)) {
      this.#logger.warn(
        `The responses of ${context.getClass().name}.${handler.name}() are not kept: ${found}, and would come back as a ` +
          'plain object; give plain data, or give @CachedResponse the option serialize',
      )
    }
    this.#reported.add(handler)
    return false
  }
}

Injectable()(ResponseCacheInterceptor)
Inject(STORE_REGISTRY)(ResponseCacheInterceptor, undefined, 0)
Inject(HttpAdapterHost)(ResponseCacheInterceptor, undefined, 1)
Inject(Reflector)(ResponseCacheInterceptor, undefined, 2)

/** Returns whether the body is a stream. Classes are not compared: there may be several copies of Nest. */
function isStream(body: unknown): boolean {
  return typeof (body as Partial<StreamableFile> | null)?.getStream === 'function'
}

function rulesOf({ trackBy, vary }: ResponseOptions) {
  return { vary, isPersonal: trackBy !== undefined }
}

function replay(exchange: HttpExchange, { body, headers, time }: KeptResponse): Observable<unknown> {
  for (const [name, value] of Object.entries(headers)) exchange.setHeader(name, value)
  exchange.setHeader('Age', String(Math.max(0, Math.floor((Date.now() - time) / 1_000))))
  exchange.setHeader('X-Cache', 'HIT')
  return of(body)
}
