export type { StoredResponse } from '../http/http-cache.ts'
export type { FieldNames } from '../http/options/field-options.ts'
export type { CollapseLimits } from '../http/options/options.ts'
export type { PurgeManner, PurgeRequest } from '../http/options/purge-request.ts'
export type { QueryOptions } from '../http/options/query-options.ts'
export type { ResponseView } from '../http/rules/response-view.ts'
export { TRACKING_PARAMETERS } from '../http/rules/target/query.ts'
export type { StoreSource } from '../store/open-store.ts'
export {
  type CacheResponses,
  type CacheResponsesOptions,
  type CacheRouteOptions,
  type CacheStatusOf,
  cacheResponses,
} from './cache-responses.ts'
export type { Handler, Responder, RespondOptions, WrapOptions } from './responder.ts'
export type { Answering } from './web-exchange.ts'
