import assert from 'node:assert/strict'
import { Cache } from '@diskcache/cache'
import { Redis } from 'ioredis'

const redis = new Redis(process.env.REDIS_URL)
await redis.set('user:1', JSON.stringify({ name: 'Ada' }), 'EX', 60)
await redis.set('user:2', JSON.stringify({ name: 'Grace' }))
await redis.set('user:3', JSON.stringify({ name: 'old' }))
const store = new Cache('cache-directory').promises
await store.set('user:3', { name: 'new' })

for await (const keys of redis.scanStream({ match: 'user:*' })) {
  for (const key of keys) {
    const [text, left] = await Promise.all([redis.get(key), redis.pttl(key)])
    if (text === null || left === -2) continue
    await store.add(key, JSON.parse(text), { ttl: left === -1 ? Infinity : left })
  }
}

const left = Number((await store.getEntry('user:1'))?.expireTime) - Date.now()
assert.ok(left > 50_000 && left <= 60_000, String(left))
const users = await store.getMany(['user:1', 'user:2', 'user:3'])
assert.deepEqual(users, [{ name: 'Ada' }, { name: 'Grace' }, { name: 'new' }])
await redis.quit()
await store.close()
