import { checkOptions, checkString } from '@diskcache/core'
import type { StoreSource } from '../store/open-store.ts'
import { CachedResponses } from './cached-responses.ts'
import { deploymentOf } from './deployment.ts'
import { HANDLER_OPTIONS, type HandlerOptions, openRows } from './handler-options.ts'
import type { HandlerContext } from './next-types.ts'

/** The options of {@link createCacheHandler}. */
export interface CacheHandlerOptions extends HandlerOptions {
  /**
   * What tells the pages of one deployment from those of others; unless given the build id, and the deployment id where
   * Next has one. With the same text, deployments share their pages.
   */
  deployment?: string | undefined
}

/** The class that Next makes an object of for each request. */
export type CacheHandlerClass = new (context: HandlerContext) => CachedResponses

/**
 * Makes what `cacheHandler` of `next.config` wants: a class that keeps the responses of pages and routes, and those of `fetch`
 * and `unstable_cache`, on a store: a `Cache`, a `FanoutCache`, anything that implements `AsyncStore`, or a directory, in
 * which it opens a `Cache`.
 *
 * @throws TypeError, RangeError for something that is no store, or an unknown or illegal option
 * @example
 * ```ts
 * import { createCacheHandler } from '@diskcache/adapters/next'
 *
 * export default createCacheHandler('cache-directory', { cache: { sizeLimit: 2 * 1024 ** 3 } })
 * ```
 */
export function createCacheHandler(
  source: StoreSource,
  options: CacheHandlerOptions = {},
): CacheHandlerClass {
  checkOptions('the options of the handler', options, ['deployment', ...HANDLER_OPTIONS])
  const { deployment } = options
  if (deployment !== undefined) checkString('deployment', deployment)
  const rows = openRows(source, options)
  // A build in the same place writes another one, while this process goes on to serve its own.
  let found: string | undefined = deployment
  return class extends CachedResponses {
    constructor(context: HandlerContext) {
      found ??= deploymentOf(context)
      super(rows, found)
    }
  }
}
