import type { MemoryPeer } from './memory-peer.ts'

export const BENTOCACHE_TIERS: MemoryPeer = {
  name: 'bentocache, two tiers',
  settings:
    'memory of 64 MB, then Redis by ioredis, with its bus on Redis, which tells the others of each write',
  server: 'redis',
  async open({ address = '' }) {
    const { BentoCache, bentostore } = await import('bentocache')
    const { memoryDriver } = await import('bentocache/drivers/memory')
    const { redisBusDriver, redisDriver } = await import('bentocache/drivers/redis')
    const [host = '', port] = address.split(':')
    const connection = { host, port: Number(port) }
    const tiers = bentostore()
      .useL1Layer(memoryDriver({ maxSize: '64mb' }))
      .useL2Layer(redisDriver({ connection }))
      .useBus(redisBusDriver({ connection }))
    const cache = new BentoCache({ default: 'tiers', stores: { tiers } })
    return {
      get: (key) => cache.get({ key }),
      set: (key, value) => cache.setForever({ key, value }),
      close: () => cache.disconnectAll(),
    }
  },
}
