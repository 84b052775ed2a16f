import { IN_MEMORY_REDIS, REDIS_SETTINGS } from './in-memory-redis.ts'
import type { Peer } from './peer.ts'

export const IOREDIS: Peer = {
  name: 'Redis by ioredis',
  guarantees: IN_MEMORY_REDIS,
  settings: `${REDIS_SETTINGS}; one connection a process, with \`enableAutoPipelining\``,
  shared: true,
  server: 'redis',
  async open({ address }) {
    const { Redis } = await import('ioredis')
    const client = new Redis(`redis://${address}`, { enableAutoPipelining: true })
    return {
      get: (key) => client.get(key),
      set: (key, value) => client.set(key, value),
      setExpiring: (key, value, ttl) => client.set(key, value, 'PX', ttl),
      delete: (key) => client.del(key),
      incr: (key) => client.incr(key),
      getMany: (keys) => client.mget([...keys]),
      setMany: (entries) => client.mset(entries.flat()),
      close: () => client.quit(),
    }
  },
}
