import type { MemoryPeer } from './memory-peer.ts'

export const MAP: MemoryPeer = {
  name: 'Map',
  settings: 'nothing but itself',
  async open() {
    const map = new Map<string, string>()
    return { get: (key) => map.get(key), set: (key, value) => map.set(key, value), close() {} }
  },
}

export const LRU_CACHE: MemoryPeer = {
  name: 'lru-cache',
  settings: 'room for 10,000 entries',
  async open() {
    const { LRUCache } = await import('lru-cache')
    const cache = new LRUCache<string, string>({ max: 10_000 })
    return { get: (key) => cache.get(key), set: (key, value) => cache.set(key, value), close() {} }
  },
}
