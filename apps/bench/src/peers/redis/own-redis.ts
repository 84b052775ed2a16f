import type { Peer } from '../peer.ts'
import { IN_MEMORY_REDIS, REDIS_SETTINGS } from './node-redis.ts'

export const OWN_REDIS: Peer = {
  name: 'RedisStore',
  own: true,
  guarantees: IN_MEMORY_REDIS,
  settings: `default settings; ${REDIS_SETTINGS}`,
  shared: true,
  server: 'redis',
  async open({ address }) {
    const { RedisStore } = await import('@diskcache/redis')
    const store = new RedisStore({ url: `redis://${address}` })
    return {
      get: (key) => store.get(key),
      set: (key, value) => store.set(key, value),
      setExpiring: (key, value, ttl) => store.set(key, value, { ttl }),
      incr: (key) => store.incr(key),
      getMany: (keys) => store.getMany(keys),
      setMany: (entries) => store.setMany(entries),
      close: () => store.close(),
    }
  },
}
