import type { Peer } from './peer.ts'

/** Counters are kept apart from values: memcached adds to the decimal digits that it finds. */
export const MEMCACHED: Peer = {
  name: 'memcached by memjs',
  guarantees: {
    expiry: true,
    sizeLimit: true,
    processes: true,
    kept: 'in memory only',
    crashSafe: 'a killed server loses everything',
  },
  settings:
    'memcached with 1,024 MB, items of up to 64 MB, over TCP on loopback; `getMany` and `setMany` are calls in flight',
  shared: true,
  server: 'memcached',
  async open({ address }) {
    const { Client } = await import('memjs')
    const client = Client.create(address, { timeout: 60 })
    const get = async (key: string) => (await client.get(key)).value?.toString()
    const set = (key: string, value: string) => client.set(key, value)
    return {
      get,
      set,
      setExpiring: (key, value, ttl) => client.set(key, value, { expires: ttl / 1e3 }),
      incr: async (key) => (await client.increment(key, 1, { initial: 1 })).value,
      getMany: (keys) => Promise.all(keys.map(get)),
      setMany: (entries) => Promise.all(entries.map(([key, value]) => set(key, value))),
      close: () => client.close(),
    }
  },
}
