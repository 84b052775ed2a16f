import assert from 'node:assert/strict'
import { RedisStore } from '@diskcache/redis'
import { createClient } from 'redis'

const client = await createClient({ url: process.env.REDIS_URL }).connect()
await client.setEx('user:1', 60, JSON.stringify({ name: 'Ada' }))
await client.set('user:2', JSON.stringify({ name: 'Grace' }))

const store = new RedisStore({ client, prefix: 'app' })
for await (const keys of client.scanIterator({ MATCH: 'user:*' })) {
  for (const key of keys) {
    const [text, left] = await Promise.all([client.get(key), client.pTTL(key)])
    if (text === null || left === -2) continue
    await store.add(key, JSON.parse(text), { ttl: left === -1 ? Infinity : left })
  }
}

const left = Number((await store.getEntry('user:1'))?.expireTime) - Date.now()
assert.ok(left > 50_000 && left <= 60_000, String(left))
assert.deepEqual(await store.getMany(['user:1', 'user:2']), [{ name: 'Ada' }, { name: 'Grace' }])
await store.close()
assert.equal(await client.exists('user:1'), 1)
await client.close()
