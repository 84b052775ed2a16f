/** That what Next hands to the handlers fits, and so does what it gets from them. */
import { createCacheHandler, createUseCacheHandler, type FoundValue } from '@diskcache/adapters/next'
import type { CacheHandler as UseCacheHandler } from 'next/cache.js'
import type {
  CacheHandlerContext,
  CacheHandlerValue,
  CacheHandler as NextHandler,
} from 'next/dist/server/lib/incremental-cache/index.js'

export const useCacheHandler: UseCacheHandler = createUseCacheHandler('cache-directory')

const Handler = createCacheHandler('cache-directory')
type Handler = InstanceType<typeof Handler>
type Fits<A, B> = [A] extends [B] ? true : false

export const handler = (
  context: CacheHandlerContext,
): Pick<NextHandler, 'set' | 'revalidateTag' | 'resetRequestCache'> => new Handler(context)
export const takes: Fits<Parameters<NextHandler['get']>, Parameters<Handler['get']>> = true
/** Next's kinds are those of an enum, which no text is. */
export const gives: Fits<Omit<FoundValue, 'value'>, Omit<CacheHandlerValue, 'value'>> = true
