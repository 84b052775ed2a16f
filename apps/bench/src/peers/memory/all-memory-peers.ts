import { LMDB } from '../lmdb.ts'
import { OWN_CACHE } from '../own-stores.ts'
import { NODE_REDIS } from '../redis/node-redis.ts'
import { OWN_REDIS } from '../redis/own-redis.ts'
import { BENTOCACHE_TIERS } from './bentocache-tiers.ts'
import { CACHEABLE_TIERS } from './cacheable-tiers.ts'
import { LRU_CACHE, MAP } from './maps.ts'
import type { MemoryPeer } from './memory-peer.ts'
import { NODE_REDIS_MEMORY } from './node-redis-memory.ts'
import {
  CACHE_IN_MEMORY,
  FANOUT_CACHE_IN_MEMORY,
  FRESH_CACHE_IN_MEMORY,
  PROMISES_IN_MEMORY,
} from './own-memory.ts'
import { REDIS_STORE_IN_MEMORY } from './own-redis-memory.ts'

/** In the order of the table. */
export const ALL_MEMORY_PEERS: readonly MemoryPeer[] = [
  MAP,
  LRU_CACHE,
  CACHE_IN_MEMORY,
  PROMISES_IN_MEMORY,
  FANOUT_CACHE_IN_MEMORY,
  FRESH_CACHE_IN_MEMORY,
  OWN_CACHE,
  LMDB,
  BENTOCACHE_TIERS,
  CACHEABLE_TIERS,
  NODE_REDIS_MEMORY,
  REDIS_STORE_IN_MEMORY,
  NODE_REDIS,
  OWN_REDIS,
]
