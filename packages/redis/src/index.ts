export {
  Disk,
  EncryptedDisk,
  type Frozen,
  type GetOptions,
  type MemoryOptions,
  type MemoryStats,
  type NamespaceOptions,
  type ShareValues,
  type StoreHealth,
  type StoreStatus,
  type StreamedEntry,
  type StreamWriteOptions,
  storeHealth,
} from '@diskcache/core'
export type { IoRedisClient } from './ioredis-options.ts'
export { RedisStore } from './redis-store.ts'
export type { RedisStoreOptions } from './redis-store-options.ts'
export type { ClusterClient, ClusterNode, RedisClient, ServerClient } from './server/redis-client.ts'
export type { SentinelClient } from './server/sentinel/sentinel-client.ts'
export type { SentinelOptions } from './server/sentinel/sentinel-query.ts'
