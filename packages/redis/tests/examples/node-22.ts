import assert from 'node:assert/strict'
import { RedisStore } from '@diskcache/redis'

const store = new RedisStore({ url: process.env.REDIS_URL, prefix: 'app' })
try {
  assert.equal(await store.set('key', 'value'), true)
} finally {
  await store.close()
}
