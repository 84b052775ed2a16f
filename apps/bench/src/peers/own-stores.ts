import type { Cache } from '@diskcache/cache'
import type { FanoutCache } from '@diskcache/fanout'
import type { Guarantees, Peer, PeerStore } from './peer.ts'

export const EVERYTHING: Guarantees = {
  expiry: true,
  sizeLimit: true,
  processes: true,
  kept: true,
  crashSafe: true,
}

const OWN = { own: true, guarantees: EVERYTHING, shared: true }

/** What every other peer is compared with. */
export const OWN_CACHE: Peer = {
  ...OWN,
  name: 'diskcache Cache',
  settings: 'default settings, the synchronous face; waits up to 60 s for a lock',
  async open({ directory }) {
    const { Cache } = await import('@diskcache/cache')
    return storeOf(new Cache(directory, { timeout: 60_000 }))
  },
}

export const OWN_PROMISES: Peer = {
  ...OWN,
  name: 'diskcache promises',
  settings: '`Cache.promises` with default settings',
  async open({ directory }) {
    const { Cache } = await import('@diskcache/cache')
    return storeOf(new Cache(directory).promises)
  },
}

export const OWN_FANOUT_CACHE: Peer = {
  ...OWN,
  name: 'diskcache FanoutCache',
  settings:
    '8 shards; the synchronous face, which waits up to 60 s for a lock instead of dropping after 10 ms',
  async open({ directory }) {
    const { FanoutCache } = await import('@diskcache/fanout')
    return storeOf(new FanoutCache(directory, { shards: 8, timeout: 60_000 }))
  },
}

function storeOf(store: Cache | Cache['promises'] | FanoutCache): PeerStore {
  return {
    get: (key) => store.get(key),
    set: (key, value) => store.set(key, value),
    setExpiring: (key, value, ttl) => store.set(key, value, { ttl }),
    incr: (key) => store.incr(key),
    getMany: (keys) => store.getMany(keys),
    setMany: (entries) => store.setMany(entries),
    close: () => store.close(),
  }
}
