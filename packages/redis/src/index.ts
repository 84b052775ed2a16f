export type { ClusterClient, RedisClient, ServerClient } from './redis-client.ts'
export { RedisStore } from './redis-store.ts'
export type { RedisStoreOptions } from './redis-store-options.ts'
