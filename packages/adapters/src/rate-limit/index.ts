export type { StoreSource } from '../store/open-store.ts'
export { addressKey } from './address-key.ts'
export {
  type CreateRateLimiterOptions,
  createRateLimiter,
  type FlexibleLibrary,
  type LimiterOnStore,
  type RateLimiter,
} from './create-rate-limiter.ts'
export { type HandlerLimiter, type LimitHandlerOptions, limitHandler } from './limit-handler.ts'
export { type LimitRequestsOptions, limitRequests, type RequestLimiter } from './limit-requests.ts'
export { type ClientHits, RateLimitStore, type RateLimitStoreOptions } from './rate-limit-store.ts'
export type { RequestLimitOptions } from './request-limit.ts'
