import { BARE_BETTER_SQLITE3 } from './bare-better-sqlite3.ts'
import { CACACHE } from './cacache.ts'
import { KEYV_DISKCACHE } from './keyv-diskcache.ts'
import { KEYV_SQLITE } from './keyv-sqlite.ts'
import { ALL_LIBRARY_PEERS } from './libraries/all-library-peers.ts'
import { LMDB } from './lmdb.ts'
import { MEMCACHED } from './memcached.ts'
import { OWN_PATIENT_CACHE } from './own-patient-cache.ts'
import { OWN_CACHE, OWN_FANOUT_CACHE, OWN_PROMISES } from './own-stores.ts'
import type { AnyPeer, Peer } from './peer.ts'
import { PYTHON_DISKCACHE } from './python-diskcache.ts'
import { KEYV_REDIS } from './redis/keyv-redis.ts'
import { NODE_REDIS } from './redis/node-redis.ts'

/** In the order of the tables. The first is what all others are compared with. */
export const ALL_PEERS: readonly Peer[] = [
  OWN_CACHE,
  OWN_PROMISES,
  OWN_FANOUT_CACHE,
  KEYV_DISKCACHE,
  BARE_BETTER_SQLITE3,
  PYTHON_DISKCACHE,
  NODE_REDIS,
  MEMCACHED,
  KEYV_REDIS,
  KEYV_SQLITE,
  CACACHE,
  LMDB,
]

export function peerNamed(name: string): AnyPeer {
  const peer = [...ALL_PEERS, OWN_PATIENT_CACHE, ...ALL_LIBRARY_PEERS].find((one) => one.name === name)
  if (peer === undefined) throw new RangeError(`there is no peer ${name}`)
  return peer
}
