export type { StoredResponse } from '../http/http-cache.ts'
export type { FieldNames } from '../http/options/field-options.ts'
export type { CollapseLimits, HttpCacheOptions } from '../http/options/options.ts'
export type { PurgeManner, PurgeRequest } from '../http/options/purge-request.ts'
export type { QueryOptions } from '../http/options/query-options.ts'
export type { ResponseView } from '../http/rules/response-view.ts'
export { TRACKING_PARAMETERS } from '../http/rules/target/query.ts'
export { Cached, type CachedOptions } from './methods/cached.ts'
export { EvictTag, type EvictTagOptions } from './methods/evict-tag.ts'
export type { AsyncMethod, AsyncMethodDecorator } from './methods/wrap-method.ts'
export { CachedResponse } from './responses/cached-response.ts'
export type { CachedResponseOptions, HttpRequest, Owner } from './responses/response-options.ts'
export {
  DiskCacheModule,
  type DiskCacheModuleAsyncOptions,
  type DiskCacheModuleOptions,
} from './stores/disk-cache-module.ts'
export { DiskCacheHealthIndicator, type HealthOptions, type HealthResult } from './stores/health-indicator.ts'
export type { Responses } from './stores/responses.ts'
export type { DirectoryOptions, GivenStoreOptions, StoreOptions } from './stores/store-options.ts'
export type { ResponsesOptions } from './stores/store-responses.ts'
export { getResponsesToken, getStoreToken, InjectResponses, InjectStore } from './stores/store-token.ts'
