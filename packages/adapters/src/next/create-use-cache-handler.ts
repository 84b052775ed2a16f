import { checkOptions } from '@diskcache/core'
import type { StoreSource } from '../store/open-store.ts'
import { CachedFunctions } from './cached-functions.ts'
import { HANDLER_OPTIONS, type HandlerOptions, openRows } from './handler-options.ts'

/**
 * Makes what `cacheHandlers` of `next.config` wants: an object that keeps what functions and components with `use cache`
 * return, on a store: a `Cache`, a `FanoutCache`, anything that implements `AsyncStore`, or a directory, in which it opens a
 * `Cache`.
 *
 * @throws TypeError, RangeError for something that is no store, or an unknown or illegal option
 * @example
 * ```ts
 * import { createUseCacheHandler } from '@diskcache/adapters/next'
 *
 * export default createUseCacheHandler('cache-directory', { cache: { sizeLimit: 2 * 1024 ** 3 } })
 * ```
 */
export function createUseCacheHandler(source: StoreSource, options: HandlerOptions = {}): CachedFunctions {
  checkOptions('the options of the handler', options, HANDLER_OPTIONS)
  return new CachedFunctions(openRows(source, options))
}
