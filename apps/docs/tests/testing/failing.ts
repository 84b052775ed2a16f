import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Cache } from '@diskcache/cache'

test('fails by an assertion', () => {
  using cache = new Cache()
  assert.equal(cache.incr('visits'), 0)
})

test('fails by its time', { timeout: 100 }, async () => {
  await using store = new Cache().promises
  await store.set('k', 1)
  await new Promise(() => {})
})
