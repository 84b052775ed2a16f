import assert from 'node:assert/strict'
import { getOrSet, Lock } from '@diskcache/recipes'
import { RedisStore } from '@diskcache/redis'

// Before: await using store = new Cache('/var/cache/app').promises
await using store = new RedisStore({ url: process.env.REDIS_URL, prefix: 'app' })

const report = await getOrSet(store, 'report', async () => ({ total: 42 }), { ttl: 60_000 })
assert.deepEqual(report, { total: 42 })
await new Lock(store, 'nightly').run(async (hold) => assert.ok(hold.token > 0))
