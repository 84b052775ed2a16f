export type { StoreSource } from '../store/open-store.ts'
export { UndiciCacheStore, type UndiciCacheStoreOptions } from './undici-cache-store.ts'
export type { CacheKey, CacheStore, CacheValue, GetResult } from './undici-types.ts'
