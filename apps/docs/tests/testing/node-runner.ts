import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Cache } from '@diskcache/cache'
import { greet } from './greet.ts'

test('a value comes back as it was', () => {
  using cache = new Cache()
  cache.set('user:1', { name: 'Ada', since: new Date(0) })
  assert.deepEqual(cache.get('user:1'), { name: 'Ada', since: new Date(0) })
})

test('a visitor is greeted once', async () => {
  await using store = new Cache().promises
  assert.equal(await greet(store, 'Ada'), 'Hello, Ada')
  assert.equal(await greet(store, 'Ada'), '')
})
