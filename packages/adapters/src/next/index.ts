export type { StoreSource } from '../store/open-store.ts'
export type { CachedFunctions } from './cached-functions.ts'
export type { CachedResponses } from './cached-responses.ts'
export {
  type CacheHandlerClass,
  type CacheHandlerOptions,
  createCacheHandler,
} from './create-cache-handler.ts'
export { createUseCacheHandler } from './create-use-cache-handler.ts'
export type { HandlerOptions } from './handler-options.ts'
export type {
  CacheControl,
  CachedValue,
  CacheEntry,
  FoundValue,
  GetContext,
  HandlerContext,
  SetContext,
} from './next-types.ts'
export type { Durations } from './tags/tag-times.ts'
