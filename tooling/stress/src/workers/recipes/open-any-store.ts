import type { AsyncCache } from '@diskcache/cache'
import type { AsyncFanoutCache } from '@diskcache/fanout'
import { RedisStore } from '@diskcache/redis'
import { openStore, type StorePlace } from './open-store.ts'

/** A directory, or a server. */
export interface AnyStorePlace extends StorePlace {
  /** The address of a Redis server. */
  readonly url?: string
}

/** Opens the promises of a store. */
export function openAnyStore({ url, ...place }: AnyStorePlace): AsyncCache | AsyncFanoutCache | RedisStore {
  return url === undefined ? openStore(place).promises : new RedisStore({ url })
}

/** Returns what the report calls the store. */
export function titleOf({ url, shards }: AnyStorePlace): string {
  if (url !== undefined) return 'Redis'
  return shards === undefined ? 'Cache' : 'FanoutCache'
}
