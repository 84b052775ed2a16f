export {
  type CacheResponses,
  cacheResponses,
  type PurgeRequest,
  type StoredResponse,
} from './cache-responses.ts'
export type { CacheResponsesOptions, CollapseLimits } from './options.ts'
export type { StoreSource } from '../open-store.ts'
