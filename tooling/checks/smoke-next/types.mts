/** That what Next hands to the handlers fits, and so does what it gets from them. */
import { createCacheHandler, createUseCacheHandler } from '@diskcache/adapters/next'
import type { CacheHandler as UseCacheHandler } from 'next/cache.js'
import type { CacheHandler as NextHandler } from 'next/dist/server/lib/incremental-cache/index.js'

export const useCacheHandler: UseCacheHandler = createUseCacheHandler('cache-directory')

export const cacheHandler: typeof NextHandler = createCacheHandler('cache-directory')
