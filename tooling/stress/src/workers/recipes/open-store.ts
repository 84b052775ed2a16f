import { Cache } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'

export interface StorePlace {
  readonly directory: string
  /** Of a `FanoutCache`; it is a `Cache` when left out. */
  readonly shards?: number
}

export function openStore({ directory, shards }: StorePlace): Cache | FanoutCache {
  return shards === undefined ? new Cache(directory) : new FanoutCache(directory, { shards })
}

export function nameOf({ shards }: StorePlace): string {
  return shards === undefined ? 'Cache' : 'FanoutCache'
}
