export { Cached, type CachedOptions } from './cached.ts'
export { CachedResponse } from './cached-response.ts'
export {
  DiskCacheModule,
  type DiskCacheModuleAsyncOptions,
  type DiskCacheModuleOptions,
} from './disk-cache-module.ts'
export { EvictTag, type EvictTagOptions } from './evict-tag.ts'
export { DiskCacheHealthIndicator, type HealthOptions, type HealthResult } from './health-indicator.ts'
export type { HttpRequest } from './http-exchange.ts'
export type { CachedResponseOptions, Owner } from './response-options.ts'
export type { DirectoryOptions, GivenStoreOptions, StoreOptions } from './store-options.ts'
export { getStoreToken, InjectStore } from './store-token.ts'
export type { AsyncMethod, AsyncMethodDecorator } from './wrap-method.ts'
