export type { StoreSource } from '../open-store.ts'
export {
  type CacheResponses,
  cacheResponses,
  type PurgeRequest,
  type StoredResponse,
} from './cache-responses.ts'
export type { CacheResponsesOptions, CollapseLimits } from './options.ts'
