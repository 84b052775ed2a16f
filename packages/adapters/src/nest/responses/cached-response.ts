import { applyDecorators, UseInterceptors } from '@nestjs/common'
import { metadata } from '../stores/metadata.ts'
import { addUse } from '../stores/store-use.ts'
import { ResponseCacheInterceptor } from './response-cache-interceptor.ts'
import {
  type CachedResponseOptions,
  type HttpRequest,
  RESPONSE_OPTIONS,
  type ResponseOptions,
  responseOptions,
} from './response-options.ts'

/**
 * Keeps the responses of a route, or of all routes of a controller, for all processes: a shared cache after RFC 9111, by the
 * same rules as in other frameworks, on Express and on Fastify. `Cache-Status` says what was done (RFC 9211). Guards run in
 * any case; the handler runs once for all who wait for it. What is kept is what was sent, after all interceptors.
 *
 * What belongs to a user is not given to another: requests that say who sends them, be it by a header, a cookie, or a `user`
 * that a guard has set, bypass the cache, unless `trackBy` says whose the response is. On a hit the cache answers by itself:
 * interceptors outside of this one see `undefined`, and what they, and exception filters, send then is dropped.
 *
 * @throws TypeError, RangeError for an unknown or illegal option
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { CachedResponse, DiskCacheModule } from '@diskcache/adapters/nest'
 * import { Controller, Get, Module } from '@nestjs/common'
 * import { NestFactory } from '@nestjs/core'
 *
 * @Controller('articles')
 * class Articles {
 *   @Get()
 *   @CachedResponse({ ttl: 60_000, tag: 'articles' })
 *   list() {
 *     return ['first']
 *   }
 * }
 *
 * @Module({ imports: [DiskCacheModule.forRoot({ directory: 'cache-directory' })], controllers: [Articles] })
 * class AppModule {}
 *
 * const application = await NestFactory.create(AppModule, { logger: false })
 * await application.listen(0)
 * const response = await fetch(`${await application.getUrl()}/articles`)
 * assert.equal(response.headers.get('cache-status'), 'diskcache; fwd=uri-miss; stored')
 * await application.close()
 * ```
 */
export function CachedResponse<R = HttpRequest>(
  options: CachedResponseOptions<R> = {},
): MethodDecorator & ClassDecorator {
  return applyDecorators(keepOptions(responseOptions(options)), UseInterceptors(ResponseCacheInterceptor))
}

function keepOptions(options: ResponseOptions): MethodDecorator & ClassDecorator {
  return (target: object, _name?: string | symbol, descriptor?: PropertyDescriptor) => {
    const decorated: object = descriptor?.value ?? target
    metadata.defineMetadata(RESPONSE_OPTIONS, options, decorated)
    addUse(decorated, { decorator: 'CachedResponse', store: options.store })
  }
}
