import { Cache } from '@diskcache/cache'
import { test as base, expect } from 'vitest'

const test = base.extend<{ cache: Cache }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest wants to see which fixtures this one needs
  cache: async ({}, use) => {
    using cache = new Cache()
    await use(cache)
  },
})

test('a counter begins at 0', ({ cache }) => {
  expect(cache.incr('visits')).toBe(1)
})

test('and does so in every test', ({ cache }) => {
  expect(cache.incr('visits')).toBe(1)
})
