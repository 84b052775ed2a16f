export { RedisStore } from './redis-store.ts'
export type { RedisStoreOptions } from './redis-store-options.ts'
export type { ClusterClient, RedisClient, ServerClient } from './server/redis-client.ts'
export type { SentinelOptions } from './server/sentinel-connection.ts'
