import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { MemoryStore } from '@diskcache/testkit/memory'
import * as flexible from 'rate-limiter-flexible'
import { expect } from 'vitest'
import { failingStore } from '../../tests/nest/failing-store.ts'
import { CACHE, ENGINES, limitTest, PATIENT } from '../../tests/rate-limit/limit-test.ts'
import { outcome, rateLimiterSuite } from '../../tests/rate-limit/rate-limiter-suite.ts'
import { createRateLimiter } from './create-rate-limiter.ts'

for (const engine of ENGINES) rateLimiterSuite(engine)

const test = limitTest(CACHE)

test('insuranceLimiter steps in while the store fails; without one, consume() rejects with the error', async () => {
  const failing = failingStore(new MemoryStore(), ['update', 'getEntry', 'delete'])
  const options = { points: 1, duration: 60 }
  const bare = createRateLimiter(flexible, failing, options)
  await expect(bare.consume('ada')).rejects.toBeInstanceOf(Error)
  const insuranceLimiter = new flexible.RateLimiterMemory(options)
  const insured = createRateLimiter(flexible, failing, { ...options, insuranceLimiter })
  expect(await outcome(insured.consume('ada'))).toMatchObject({ 0: 'resolved' })
  expect(await outcome(insured.consume('ada'))).toMatchObject({ 0: 'rejected' })
  expect(await insured.delete('ada')).toBe(true)
})

test('inMemoryBlockOnConsumed asks the store no more of who is blocked', async ({ store }) => {
  const options = { points: 1, duration: 60, inMemoryBlockOnConsumed: 2, ...PATIENT }
  const limiter = createRateLimiter(flexible, store, options)
  for (let i = 0; i < 5; i++) await outcome(limiter.consume('ada'))
  expect(await store.get('rate-limiter:rlflx:ada')).toBe(2)
})

test('execEvenly spreads what is allowed over the duration', async ({ store }) => {
  const options = { points: 4, duration: 1, execEvenly: true, execEvenlyMinDelayMs: 20, ...PATIENT }
  const limiter = createRateLimiter(flexible, store, options)
  await limiter.consume('ada')
  const begin = performance.now()
  await limiter.consume('ada')
  expect(performance.now() - begin).toBeGreaterThan(20)
})

test('points begin anew in the place of what are none, and may be less than zero', async ({ store }) => {
  const limiter = createRateLimiter(flexible, store, { points: 2, duration: 60, ...PATIENT })
  for (const value of ['text', Number.NaN, -Infinity]) {
    await store.set('rate-limiter:rlflx:ada', value)
    expect((await limiter.consume('ada')).consumedPoints).toBe(1)
  }
  await limiter.reward('ada', 3)
  expect((await limiter.get('ada'))?.consumedPoints).toBe(-2)
})

test('the library takes it for a limiter of its own', async ({ store }) => {
  const options = { points: 2, duration: 60, ...PATIENT }
  const limiter = createRateLimiter(flexible, store, options)
  const union = new flexible.RateLimiterUnion(
    limiter,
    createRateLimiter(flexible, store, { ...options, keyPrefix: 'b' }),
  )
  await union.consume('ada')
  expect((await limiter.get('ada'))?.consumedPoints).toBe(1)
  expect(await limiter.get('ada')).toBeInstanceOf(flexible.RateLimiterRes)
})

directoryTest('close() closes the cache that was opened, and no other', async ({ directory }) => {
  using cache = new Cache(directory)
  const options = { points: 2, duration: 60, ...PATIENT }
  const own = createRateLimiter(flexible, directory, { ...options, cache: { sizeLimit: 1_000_000 } })
  const given = createRateLimiter(flexible.default ?? flexible, cache, options)
  await own.consume('ada')
  expect((await given.consume('ada')).consumedPoints).toBe(2)
  expect(given.health().status).toBe('up')
  await own.close()
  await given.close()
  await expect(own.consume('ada')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
  expect(cache.get('rate-limiter:rlflx:ada')).toBe(2)
})

test('createRateLimiter() refuses what is no library, no store, and illegal options', ({ store }) => {
  const options = { points: 1, duration: 1 }
  const create = createRateLimiter as (...args: unknown[]) => unknown
  expect(() => create(undefined, store, options)).toThrow('Cannot use the library')
  expect(() => create({}, store, options)).toThrow('Cannot use the library')
  expect(() => create(flexible, {}, options)).toThrow('expected a directory, a Store or an AsyncStore')
  expect(() => create(flexible, store, { duration: 1 })).toThrow('points must be set')
  expect(() => create(flexible, store, { ...options, storeTimeout: 0 })).toThrow('Cannot use storeTimeout')
})
