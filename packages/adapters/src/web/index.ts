export type { PurgeRequest, StoredResponse } from '../http/http-cache.ts'
export type { CollapseLimits } from '../http/options/options.ts'
export type { StoreSource } from '../store/open-store.ts'
export {
  type CacheResponses,
  type CacheResponsesOptions,
  type CacheRouteOptions,
  cacheResponses,
} from './cache-responses.ts'
export type { Handler, Responder, RespondOptions, WrapOptions } from './responder.ts'
export type { Answering } from './web-exchange.ts'
