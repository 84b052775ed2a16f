import type { MemoryPeer } from './memory-peer.ts'

export const CACHEABLE_TIERS: MemoryPeer = {
  name: 'cacheable, two tiers',
  settings:
    'its own memory, then `@keyv/redis`; a message queue, which could tell the others of writes, is a package of its own',
  server: 'redis',
  async open({ address }) {
    const { Cacheable } = await import('cacheable')
    const { default: KeyvRedis } = await import('@keyv/redis')
    const cache = new Cacheable({ secondary: new KeyvRedis(`redis://${address}`) })
    return {
      get: (key) => cache.get(key),
      set: (key, value) => cache.set(key, value),
      close: () => cache.disconnect(),
    }
  },
}
