import { checkFunction, checkNumber, checkOptions, checkString, quote } from '@diskcache/core'
import { applyDecorators, UseInterceptors } from '@nestjs/common'
import { metadata } from '../stores/metadata.ts'
import { DEFAULT_STORE } from '../stores/store-token.ts'
import { addUse } from '../stores/store-use.ts'
import type { HttpRequest } from './http-exchange.ts'
import { ResponseCacheInterceptor } from './response-cache-interceptor.ts'
import { type CachedResponseOptions, RESPONSE_OPTIONS, type ResponseOptions } from './response-options.ts'

/**
 * Keeps the responses of a route, or of all routes of a controller, to GET requests, for all processes. The header
 * `X-Cache` says `HIT`, `MISS`, or `BYPASS` when the request is not one whose response may be kept.
 *
 * What belongs to a user is not given to another: requests with credentials (`Authorization`, `Proxy-Authorization`,
 * `Cookie`, `X-Api-Key`, or a `user` that a guard has set) bypass the cache, unless `trackBy` or `vary` tells users
 * apart. Guards run in any case. Responses that set cookies, that forbid to be kept, that vary by more than `vary`
 * names, or whose status is not 200 are not kept.
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
 * assert.equal(response.headers.get('x-cache'), 'MISS')
 * await application.close()
 * ```
 */
export function CachedResponse<R = HttpRequest>(
  options: CachedResponseOptions<R>,
): MethodDecorator & ClassDecorator {
  const checked = checkedOptions(options)
  return applyDecorators(keepOptions(checked), UseInterceptors(ResponseCacheInterceptor))
}

function keepOptions(options: ResponseOptions): MethodDecorator & ClassDecorator {
  return (target: object, _name?: string | symbol, descriptor?: PropertyDescriptor) => {
    const decorated: object = descriptor?.value ?? target
    metadata.defineMetadata(RESPONSE_OPTIONS, options, decorated)
    addUse(decorated, { decorator: 'CachedResponse', store: options.store })
  }
}

function checkedOptions<R>(options: CachedResponseOptions<R>): ResponseOptions {
  const names = ['ttl', 'tag', 'vary', 'trackBy', 'serialize', 'store']
  checkOptions('the options of @CachedResponse', options, names)
  const { ttl, tag, trackBy, serialize, vary = [], store = DEFAULT_STORE } = options
  checkNumber('ttl', ttl, { min: 0, infinity: true })
  checkString('store', store)
  for (const [name, value] of Object.entries({ trackBy, serialize }))
    if (value !== undefined) checkFunction(name, value)
  return { ttl, tag, trackBy, serialize, vary: headerNames(vary), store } as ResponseOptions
}

function headerNames(names: readonly string[]): readonly string[] {
  const isLegal = Array.isArray(names) && names.every((name) => typeof name === 'string' && name !== '')
  if (isLegal) return names.map((name) => name.toLowerCase()).sort()
  throw new TypeError(`Cannot use vary: expected names of request headers, got ${quote(names)}`)
}
