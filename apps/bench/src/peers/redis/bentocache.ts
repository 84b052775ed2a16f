import type { Peer } from '../peer.ts'
import { IN_MEMORY_REDIS, REDIS_SETTINGS } from './node-redis.ts'

export const BENTOCACHE: Peer = {
  name: 'bentocache',
  guarantees: IN_MEMORY_REDIS,
  settings: `its Redis layer alone, by ioredis; ${REDIS_SETTINGS}`,
  shared: true,
  server: 'redis',
  async open({ address = '' }) {
    const { BentoCache, bentostore } = await import('bentocache')
    const { redisDriver } = await import('bentocache/drivers/redis')
    const [host, port] = address.split(':')
    const driver = redisDriver({ connection: { host, port: Number(port) } })
    const cache = new BentoCache({ default: 'redis', stores: { redis: bentostore().useL2Layer(driver) } })
    return {
      get: (key) => cache.get({ key }),
      set: (key, value) => cache.setForever({ key, value }),
      setExpiring: (key, value, ttl) => cache.set({ key, value, ttl }),
      close: () => cache.disconnectAll(),
    }
  },
}
