import type { Cacheable } from 'cacheable'
import type { PeerStore } from './peer.ts'

export function cacheableStore(cacheable: Cacheable): PeerStore {
  return {
    get: (key) => cacheable.get(key),
    set: (key, value) => cacheable.set(key, value),
    setExpiring: (key, value, ttl) => cacheable.set(key, value, ttl),
    delete: (key) => cacheable.delete(key),
    getMany: (keys) => cacheable.getMany([...keys]),
    setMany: (entries) => cacheable.setMany(entries.map(([key, value]) => ({ key, value }))),
    close: () => cacheable.disconnect(),
  }
}
