import { Redis } from 'ioredis'
import type { createClient } from 'redis'
import { afterAll, beforeAll, vi } from 'vitest'
import { storeContract } from '../tests/servers/contract.ts'
import { describeWhole } from '../tests/servers/describe-redis.ts'
import type { PassingTime } from '../tests/servers/passing-time.ts'
import { RedisServer } from '../tests/servers/redis-server.ts'
import { RedisStore, type RedisStoreOptions } from './index.ts'
import type { ServerClient } from './server/redis-client.ts'

/** How time passes for the connection that is made next. */
const next = vi.hoisted(() => ({ time: undefined as PassingTime | undefined }))

// The stores make their connection themselves, so this is where a test can let time pass on it.
vi.mock('redis', async (load) => {
  const redis = await load<{ createClient: typeof createClient }>()
  const create = (options: Parameters<typeof createClient>[0]) => {
    const client = redis.createClient(options) as unknown as ServerClient
    return next.time?.in(client) ?? client
  }
  return { ...redis, createClient: create }
})

function openIn(time: PassingTime, options: RedisStoreOptions): RedisStore {
  next.time = time
  const store = new RedisStore(options)
  next.time = undefined
  return store
}

describeWhole('A client of ioredis', () => {
  let server: RedisServer
  let client: Redis
  beforeAll(async () => {
    server = await RedisServer.start()
    client = new Redis(server.port, '127.0.0.1', { lazyConnect: true, db: 3 })
  })
  afterAll(async () => {
    client.disconnect()
    await server.stop()
  })
  storeContract('RedisStore over ioredis', (time, options) => openIn(time, { client, ...options }))
})

describeWhole('Memory', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await RedisServer.start()
  })
  afterAll(() => server.stop())
  // Never behind, so that nothing tells it from a store without memory.
  const memory = { maxBytes: 2 ** 20, staleness: 0 }
  storeContract('RedisStore with memory', (time, options) =>
    openIn(time, { url: server.url, memory, ...options }),
  )
})
