const { Cache } = require('@diskcache/cache')

let cache
beforeEach(() => {
  cache = new Cache()
})
afterEach(() => {
  jest.useRealTimers()
  cache.close()
})

test('an entry is gone after its time to live', async () => {
  jest.useFakeTimers()
  cache.set('session', { user: 1, since: new Date(0) }, { ttl: 60_000 })
  jest.advanceTimersByTime(59_999)
  expect(cache.get('session')).toStrictEqual({ user: 1, since: new Date(0) })
  jest.advanceTimersByTime(1)
  expect(await cache.promises.get('session')).toBeUndefined()
})
