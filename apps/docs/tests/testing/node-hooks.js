import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { Cache } from '@diskcache/cache'

let cache
beforeEach(() => {
  cache = new Cache()
})
afterEach(() => cache.close())

test('a counter begins at 0', () => {
  assert.equal(cache.incr('visits'), 1)
})

test('and does so in every test', () => {
  assert.equal(cache.incr('visits'), 1)
})
