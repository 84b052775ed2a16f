import { REDIS_SETTINGS } from '../redis/node-redis.ts'
import type { MemoryPeer } from './memory-peer.ts'

export const REDIS_STORE_IN_MEMORY: MemoryPeer = {
  name: 'RedisStore, memory',
  own: true,
  settings: `\`memory\` of 64 MiB, with the staleness that it has by itself, 100 ms; ${REDIS_SETTINGS}`,
  server: 'redis',
  async open({ address }) {
    const { RedisStore } = await import('@diskcache/redis')
    const store = new RedisStore({ url: `redis://${address}`, memory: { maxBytes: 64 * 2 ** 20 } })
    return {
      get: (key) => store.get(key),
      set: (key, value) => store.set(key, value),
      close: () => store.close(),
    }
  },
}
