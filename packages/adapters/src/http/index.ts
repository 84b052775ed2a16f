export type { StoreSource } from '../store/open-store.ts'
export type { Client } from './exchange/client.ts'
export type { Asking, Exchange, OwnRequest } from './exchange/exchange.ts'
export type { Decision, Replacement, Watcher } from './exchange/watcher.ts'
export type { ResponseHead } from './fields/response-head.ts'
export {
  HttpCache,
  type PurgeRequest,
  type RouteCache,
  type RouteOptions,
  type StoredResponse,
} from './http-cache.ts'
export type { CollapseLimits, HttpCacheOptions } from './options/options.ts'
export type { HttpRequest } from './rules/http-request.ts'
