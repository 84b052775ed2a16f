import type { Peer } from './peer.ts'

export const FLAT_CACHE: Peer = {
  name: 'flat-cache',
  guarantees: {
    expiry: true,
    sizeLimit: 'a number of entries only',
    processes: 'each has its own entries; the last to save wins',
    kept: 'as of the last `save()`',
    crashSafe: 'what was set since `save()` is lost',
  },
  settings: 'in memory; `save()`, which writes all entries, is not called while it is measured',
  shared: false,
  async open({ directory }) {
    const { FlatCache } = await import('flat-cache')
    const cache = new FlatCache({ cacheDir: directory, ttl: 0, lruSize: 0 })
    return {
      get: (key) => cache.get(key),
      set: (key, value) => cache.set(key, value),
      setExpiring: (key, value, ttl) => cache.set(key, value, ttl),
      delete: (key) => cache.delete(key),
      close: () => cache.stopAutoPersist(),
    }
  },
}
