import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Cache } from '@diskcache/cache'

test('an answer is asked for once', async () => {
  using cache = new Cache() // in a temporary directory, which goes when it is closed
  let asked = 0
  const weatherIn = cache.memoize(async (city: string) => `${city} ${++asked}`, { name: 'weather' })

  assert.equal(await weatherIn('Oslo'), 'Oslo 1')
  assert.equal(await weatherIn('Oslo'), 'Oslo 1')
})

test('an answer is asked for again after its time', async () => {
  let now = Date.now()
  using cache = new Cache(undefined, { clock: () => now })
  let asked = 0
  const weatherIn = cache.memoize(async () => ++asked, { name: 'weather', ttl: 60_000 })

  assert.equal(await weatherIn(), 1)
  now += 60_001
  assert.equal(await weatherIn(), 2)
})
