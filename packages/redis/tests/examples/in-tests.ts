import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, test } from 'node:test'
import { RedisStore } from '@diskcache/redis'

let store: RedisStore
beforeEach(() => {
  store = new RedisStore({ url: process.env.REDIS_URL, prefix: `test-${randomUUID()}`, ttl: 60_000 })
})
afterEach(async () => {
  await store.clear()
  await store.close()
})

test('a counter begins at 0', async () => {
  assert.equal(await store.incr('visits'), 1)
})

test('and does so in every test', async () => {
  assert.equal(await store.incr('visits'), 1)
})
