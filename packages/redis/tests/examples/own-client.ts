import assert from 'node:assert/strict'
import { RedisStore } from '@diskcache/redis'
import { createClient } from 'redis'

const client = createClient({ url: process.env.REDIS_URL ?? 'redis://localhost:6379' })
client.on('error', (error) => console.error('Redis:', error.message))
await client.connect()

const store = new RedisStore({ client, prefix: 'shop' })
await store.set(['product', 7], { name: 'Lamp' }, { ttl: 60_000, tag: ['products', 'lamps'] })
assert.equal(await store.incr('visits'), 1)
assert.equal(await store.evict('lamps'), 1)
await store.clear()

// It closes what it opened itself; the client stays yours.
await store.close()
await client.close()
