import { type AsyncStore, checkOptions } from '@diskcache/core'
import { Logger } from '@nestjs/common'
import { HttpCache } from '../../http/http-cache.ts'
import { given } from '../../http/options/given.ts'
import { hasUser } from '../../http/options/has-user.ts'
import { type HttpCacheOptions, resolveOptions } from '../../http/options/options.ts'

/** The options of HTTP caching for all routes of a store; those of a route stand above them. */
export type ResponsesOptions = Omit<HttpCacheOptions, 'cache'>

/**
 * Checks such options.
 *
 * @throws TypeError, RangeError for an unknown or illegal one
 */
export function checkResponsesOptions(options: ResponsesOptions): void {
  checkOptions('responses', options, Object.keys(Object(options)))
  if ((options as { cache?: unknown }).cache !== undefined)
    throw new TypeError(
      'Cannot use cache for responses: give the options of the store to DiskCacheModule itself',
    )
  resolveOptions(options)
}

const logger = new Logger('DiskCacheModule')

/** Opens the cache of the responses that stand in a store. Its failures are logged. */
export function openResponses(store: AsyncStore, options: ResponsesOptions): HttpCache {
  const onError = (error: unknown) => logger.warn(`The response cache: ${error}`)
  return new HttpCache(store, { name: 'nest', isPersonal: hasUserAnywhere, onError, ...given(options) })
}

/** Middleware leaves users on what lies beneath a request of Fastify, guards on that itself. */
function hasUserAnywhere(request: unknown, response: unknown): boolean {
  const [{ raw: req }, { raw: res }] = [Object(request), Object(response)]
  return hasUser(request, response) || hasUser(req, res)
}
