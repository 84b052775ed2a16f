import { BARE_BETTER_SQLITE3 } from './bare-better-sqlite3.ts'
import { BARE_NODE_SQLITE } from './bare-node-sqlite.ts'
import { BENTOCACHE_FILE } from './bentocache-file.ts'
import { BENTOCACHE_SQLITE } from './bentocache-sqlite.ts'
import { CACACHE } from './cacache.ts'
import { CACHEABLE_MEMORY } from './cacheable-memory.ts'
import { CACHEABLE_SQLITE } from './cacheable-sqlite.ts'
import { FLAT_CACHE } from './flat-cache.ts'
import { IOREDIS } from './ioredis.ts'
import { KEYV_DISKCACHE } from './keyv-diskcache.ts'
import { KEYV_REDIS } from './keyv-redis.ts'
import { KEYV_SQLITE_4 } from './keyv-sqlite-4.ts'
import { KEYV_SQLITE_6 } from './keyv-sqlite-6.ts'
import { LMDB } from './lmdb.ts'
import { MEMCACHED } from './memcached.ts'
import { NODE_PERSIST } from './node-persist.ts'
import { NODE_REDIS } from './node-redis.ts'
import { OWN_CACHE } from './own-cache.ts'
import { OWN_FANOUT_CACHE } from './own-fanout-cache.ts'
import { OWN_PROMISES } from './own-promises.ts'
import type { Peer } from './peer.ts'
import { PYTHON_DISKCACHE } from './python-diskcache.ts'

/** In the order of the tables. The first is what all others are compared with. */
export const ALL_PEERS: readonly Peer[] = [
  OWN_CACHE,
  OWN_PROMISES,
  OWN_FANOUT_CACHE,
  KEYV_DISKCACHE,
  BARE_BETTER_SQLITE3,
  BARE_NODE_SQLITE,
  PYTHON_DISKCACHE,
  NODE_REDIS,
  IOREDIS,
  MEMCACHED,
  KEYV_SQLITE_6,
  KEYV_SQLITE_4,
  KEYV_REDIS,
  CACHEABLE_SQLITE,
  BENTOCACHE_FILE,
  BENTOCACHE_SQLITE,
  CACACHE,
  NODE_PERSIST,
  LMDB,
  FLAT_CACHE,
  CACHEABLE_MEMORY,
]
