import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { RedisStore } from '@diskcache/redis'

await using store = new RedisStore({
  url: process.env.REDIS_URL,
  prefix: 'app',
  memory: { maxBytes: 64 * 1024 ** 2 },
})
await store.set('page', { title: 'Old' })
for (let i = 0; i < 10; i++) await store.get('page')
assert.ok(((await store.stats()).memory?.hits ?? 0) > 0)

// Another machine: here another store, which shares nothing with the first.
await using other = new RedisStore({ url: process.env.REDIS_URL, prefix: 'app' })
await other.set('page', { title: 'New' })
await delay(100)
assert.deepEqual(await store.get('page'), { title: 'New' })
