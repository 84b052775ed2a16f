import assert from 'node:assert/strict'
import { RedisStore } from '@diskcache/redis'
import { createClient } from 'redis'

const client = createClient({
  url: process.env.REDIS_URL ?? 'redis://localhost:6379',
  commandsQueueMaxLength: 100_000,
  pingInterval: 1_000,
  socket: {
    connectTimeout: 2_000,
    socketTimeout: 3_000,
    reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1_000) * (0.5 + Math.random() / 2),
  },
})
client.on('error', (error) => console.error('Redis:', error.message))
await client.connect()

const store = new RedisStore({ client, prefix: 'shop', memory: { maxBytes: 64 * 1024 ** 2 } })
await store.set('page', { title: 'Lamps' })
const page = await store.get('page').catch(() => store.get('page', { stale: true }))
assert.deepEqual(page, { title: 'Lamps' })
await store.close()
await client.close()
