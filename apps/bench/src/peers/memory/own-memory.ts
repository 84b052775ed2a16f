import type { MemoryPeer } from './memory-peer.ts'

const MEMORY = { maxBytes: 64 * 2 ** 20 }

// Each has functions of its own: one that all share would be slower for each, as it serves several classes.
const OWN = { own: true, settings: '`memory` of 64 MiB, with the staleness that it has by itself, 1 ms' }

export const CACHE_IN_MEMORY: MemoryPeer = {
  ...OWN,
  name: 'diskcache Cache, memory',
  async open({ directory }) {
    const { Cache } = await import('@diskcache/cache')
    const cache = new Cache(directory, { memory: MEMORY })
    return {
      get: (key) => cache.get(key),
      set: (key, value) => cache.set(key, value),
      close: () => cache.close(),
    }
  },
}

export const FRESH_CACHE_IN_MEMORY: MemoryPeer = {
  ...OWN,
  name: 'diskcache Cache, memory, staleness 0',
  settings: '`memory` of 64 MiB',
  async open({ directory }) {
    const { Cache } = await import('@diskcache/cache')
    const cache = new Cache(directory, { memory: { ...MEMORY, staleness: 0 } })
    return {
      get: (key) => cache.get(key),
      set: (key, value) => cache.set(key, value),
      close: () => cache.close(),
    }
  },
}

export const PROMISES_IN_MEMORY: MemoryPeer = {
  ...OWN,
  name: 'diskcache promises, memory',
  async open({ directory }) {
    const { Cache } = await import('@diskcache/cache')
    const { promises } = new Cache(directory, { memory: MEMORY })
    return {
      get: (key) => promises.get(key),
      set: (key, value) => promises.set(key, value),
      close: () => promises.close(),
    }
  },
}

export const FANOUT_CACHE_IN_MEMORY: MemoryPeer = {
  ...OWN,
  name: 'diskcache FanoutCache, memory',
  async open({ directory }) {
    const { FanoutCache } = await import('@diskcache/fanout')
    const cache = new FanoutCache(directory, { memory: MEMORY, timeout: 60_000 })
    return {
      get: (key) => cache.get(key),
      set: (key, value) => cache.set(key, value),
      close: () => cache.close(),
    }
  },
}
