import type { Cache } from '@diskcache/cache'
import type { FanoutCache } from '@diskcache/fanout'
import type { Guarantees, PeerStore } from './peer.ts'

export const EVERYTHING: Guarantees = {
  expiry: true,
  sizeLimit: true,
  processes: true,
  kept: true,
  crashSafe: true,
}

/** The synchronous face of a store of ours. */
export function ownStore(store: Cache | FanoutCache): PeerStore {
  return {
    get: (key) => store.get(key),
    set: (key, value) => store.set(key, value),
    setExpiring: (key, value, ttl) => store.set(key, value, { ttl }),
    delete: (key) => store.delete(key),
    incr: (key) => store.incr(key),
    getMany: (keys) => store.getMany(keys),
    setMany: (entries) => store.setMany(entries),
    close: () => store.close(),
  }
}
