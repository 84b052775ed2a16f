/** A cache before a function that computes, at `127.0.0.1:6379`. */
export type Open = (
  address: string,
) => Promise<(key: string, compute: () => Promise<string>) => Promise<unknown>>

/** A way to use Redis as a cache. */
export interface Way {
  /** As the table shows it. */
  readonly name: string
  readonly settings: string
  readonly open: Open
}

/** How long values are kept, in milliseconds. */
const TTL = 60_000

/** How long ioredis waits for an answer where it is told to, in milliseconds: as long as `storeTimeout`. */
const COMMAND_TIMEOUT = 50

/** Each package with its default settings, and with those that its documentation has for this. */
export const WAYS: readonly Way[] = [
  {
    name: 'no cache',
    settings: 'computes',
    open: async () => (_key, compute) => compute(),
  },
  {
    name: '**`getOrSet` over a `RedisStore`**',
    settings: 'default settings',
    async open(address) {
      const { RedisStore } = await import('@diskcache/redis')
      const { getOrSet } = await import('@diskcache/recipes')
      const store = new RedisStore({ url: `redis://${address}` })
      return (key, compute) => getOrSet(store, key, compute, { ttl: TTL })
    },
  },
  { name: 'bentocache, Redis', settings: 'default settings', open: bentocache({ hasMemory: false }) },
  {
    name: 'bentocache, Redis, its options',
    settings: "`suppressL2Errors: true`, `l2CircuitBreakerDuration: '1s'`",
    open: bentocache({ hasMemory: false, isGuarded: true }),
  },
  {
    name: 'bentocache, Redis, its options and ioredis’s',
    settings: `as before, with \`commandTimeout: ${COMMAND_TIMEOUT}\` for ioredis`,
    open: bentocache({ hasMemory: false, isGuarded: true, isImpatient: true }),
  },
  {
    name: 'bentocache, memory and Redis',
    settings: 'default settings',
    open: bentocache({ hasMemory: true }),
  },
  {
    name: 'bentocache, memory and Redis, its options',
    settings: "`l2CircuitBreakerDuration: '1s'`",
    open: bentocache({ hasMemory: true, isGuarded: true }),
  },
  {
    name: 'cacheable, memory and Redis',
    settings: 'default settings, `@keyv/redis` as its secondary store',
    async open(address) {
      const { Cacheable } = await import('cacheable')
      const { default: KeyvRedis } = await import('@keyv/redis')
      return cacheable(new Cacheable({ secondary: new KeyvRedis(`redis://${address}`) }))
    },
  },
  {
    name: 'cacheable, memory and Redis, its options',
    settings: '`nonBlocking: true`, and a client that neither queues nor reconnects',
    async open(address) {
      const { Cacheable } = await import('cacheable')
      const { default: KeyvRedis } = await import('@keyv/redis')
      // What its documentation says to do where Redis may be away.
      const client = {
        url: `redis://${address}`,
        disableOfflineQueue: true,
        socket: { reconnectStrategy: false },
      } as const
      const secondary = new KeyvRedis(client, { throwOnConnectError: false })
      return cacheable(new Cacheable({ secondary, nonBlocking: true }))
    },
  },
]

interface BentocacheSettings {
  readonly hasMemory: boolean
  readonly isGuarded?: boolean
  readonly isImpatient?: boolean
}

function bentocache({ hasMemory, isGuarded = false, isImpatient = false }: BentocacheSettings): Open {
  return async (address) => {
    const { BentoCache, bentostore } = await import('bentocache')
    const { memoryDriver } = await import('bentocache/drivers/memory')
    const { redisDriver } = await import('bentocache/drivers/redis')
    const [host, port] = address.split(':')
    const commandTimeout = isImpatient ? { commandTimeout: COMMAND_TIMEOUT } : {}
    const driver = redisDriver({ connection: { host, port: Number(port), ...commandTimeout } })
    const guard = isGuarded ? { suppressL2Errors: true, l2CircuitBreakerDuration: '1s' } : {}
    const store = hasMemory ? bentostore(guard).useL1Layer(memoryDriver({})) : bentostore(guard)
    const cache = new BentoCache({ default: 'redis', stores: { redis: store.useL2Layer(driver) } })
    return (key, compute) => cache.getOrSet({ key, factory: compute, ttl: TTL })
  }
}

function cacheable(cache: {
  on(event: string, listener: () => void): unknown
  getOrSet(key: string, compute: () => Promise<string>, options: { ttl: number }): Promise<unknown>
}): Awaited<ReturnType<Open>> {
  cache.on('error', () => {})
  return (key, compute) => cache.getOrSet(key, compute, { ttl: TTL })
}
