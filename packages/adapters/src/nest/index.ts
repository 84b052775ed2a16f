export type { PurgeRequest, StoredResponse } from '../http/http-cache.ts'
export type { CollapseLimits, HttpCacheOptions } from '../http/options/options.ts'
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
