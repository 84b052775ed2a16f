import type { Guarantees, Peer } from '../peer.ts'

/** As the harness starts the server. */
export const IN_MEMORY_REDIS: Guarantees = {
  expiry: true,
  sizeLimit: true,
  processes: true,
  kept: 'in memory, as configured',
  crashSafe: 'a killed server loses everything, as configured',
}

export const REDIS_SETTINGS = "redis-server with `save ''` and `appendonly no`, over TCP on loopback"

export const NODE_REDIS: Peer = {
  name: 'Redis by node-redis',
  guarantees: IN_MEMORY_REDIS,
  settings: `${REDIS_SETTINGS}; one connection a process; calls in flight at once are pipelined by the client`,
  shared: true,
  server: 'redis',
  async open({ address }) {
    const { createClient } = await import('redis')
    const client = createClient({ url: `redis://${address}` })
    await client.connect()
    return {
      get: (key) => client.get(key),
      set: (key, value) => client.set(key, value),
      setExpiring: (key, value, ttl) => client.set(key, value, { expiration: { type: 'PX', value: ttl } }),
      incr: (key) => client.incr(key),
      getMany: (keys) => client.mGet([...keys]),
      setMany: (entries) => client.mSet(entries.map(([key, value]): [string, string] => [key, value])),
      close: () => client.close(),
    }
  },
}
