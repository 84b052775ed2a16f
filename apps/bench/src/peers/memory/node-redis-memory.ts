import { REDIS_SETTINGS } from '../redis/node-redis.ts'
import type { MemoryPeer } from './memory-peer.ts'

export const NODE_REDIS_MEMORY: MemoryPeer = {
  name: 'node-redis, client-side cache',
  settings: `RESP 3 and \`clientSideCache\` without limits; ${REDIS_SETTINGS}`,
  server: 'redis',
  async open({ address }) {
    const { createClient } = await import('redis')
    const clientSideCache = { ttl: 0, maxEntries: 0, evictPolicy: 'LRU' } as const
    const client = createClient({ url: `redis://${address}`, RESP: 3, clientSideCache })
    await client.connect()
    return {
      get: (key) => client.get(key),
      set: (key, value) => client.set(key, value),
      close: () => client.close(),
    }
  },
}
