import { EVERYTHING } from './own-store.ts'
import type { Peer } from './peer.ts'

export const OWN_PROMISES: Peer = {
  name: 'diskcache promises',
  own: true,
  guarantees: EVERYTHING,
  settings: '`Cache.promises` with default settings',
  shared: true,
  async open({ directory }) {
    const { Cache } = await import('@diskcache/cache')
    const { promises } = new Cache(directory)
    return {
      get: (key) => promises.get(key),
      set: (key, value) => promises.set(key, value),
      setExpiring: (key, value, ttl) => promises.set(key, value, { ttl }),
      delete: (key) => promises.delete(key),
      incr: (key) => promises.incr(key),
      getMany: (keys) => promises.getMany(keys),
      setMany: (entries) => promises.setMany(entries),
      close: () => promises.close(),
    }
  },
}
