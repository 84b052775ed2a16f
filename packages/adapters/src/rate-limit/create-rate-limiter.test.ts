import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { MemoryStore } from '@diskcache/testkit/memory'
import * as flexible from 'rate-limiter-flexible'
import { describe, expect } from 'vitest'
import { failingStore } from '../../tests/nest/failing-store.ts'
import { CACHE, ENGINES, limitTest, PATIENT } from '../../tests/rate-limit/limit-test.ts'
import { createRateLimiter } from './create-rate-limiter.ts'

for (const engine of ENGINES) {
  const test = limitTest(engine)

  describe(`createRateLimiter() over ${engine.name}`, () => {
    test('consume() resolves to what is left, and rejects when there is none, until the duration is over', async ({
      store,
      advance,
    }) => {
      advance(0)
      const limiter = createRateLimiter(flexible, store, { points: 3, duration: 2, ...PATIENT })
      expect(await outcome(limiter.consume('ada', 2))).toEqual(['resolved', 1, 2, 2_000, true])
      advance(500)
      expect(await outcome(limiter.consume('ada'))).toEqual(['resolved', 0, 3, 1_500, false])
      expect(await outcome(limiter.consume('ada'))).toEqual(['rejected', 0, 4, 1_500, false])
      expect(await outcome(limiter.consume('grace'))).toEqual(['resolved', 2, 1, 2_000, true])
      expect(await store.get('rate-limiter:rlflx:ada')).toBe(4)
      advance(1_500)
      expect(await limiter.get('ada')).toBeNull()
      expect(await outcome(limiter.consume('ada'))).toEqual(['resolved', 2, 1, 2_000, true])
    })

    test('penalty(), reward(), set(), block(), get() and delete() do what the library says', async ({
      store,
      advance,
    }) => {
      advance(0)
      const options = { points: 3, duration: 2, keyPrefix: 'api', ...PATIENT }
      const limiter = createRateLimiter(flexible, store, options)
      expect(await limiter.get('ada')).toBeNull()
      expect(await limiter.delete('ada')).toBe(false)
      expect(await outcome(limiter.penalty('ada', 2))).toEqual(['resolved', 1, 2, 2_000, true])
      expect(await outcome(limiter.reward('ada'))).toEqual(['resolved', 2, 1, 2_000, false])
      expect(await outcome(limiter.get('ada'))).toEqual(['resolved', 2, 1, 2_000, false])
      await limiter.set('ada', 3, 10)
      expect(await outcome(limiter.consume('ada'))).toEqual(['rejected', 0, 4, 10_000, false])
      expect(await limiter.delete('ada')).toBe(true)
      expect(await limiter.get('ada')).toBeNull()
      await limiter.block('ada', 60)
      advance(59_999)
      expect(await outcome(limiter.consume('ada'))).toMatchObject({ 0: 'rejected' })
      advance(1)
      expect(await outcome(limiter.consume('ada'))).toMatchObject({ 0: 'resolved' })
    })

    test('duration 0, and a block of 0 seconds, are for ever', async ({ store, advance }) => {
      advance(0)
      const limiter = createRateLimiter(flexible, store, { points: 1, duration: 0, ...PATIENT })
      expect(await outcome(limiter.consume('ada'))).toEqual(['resolved', 0, 1, -1, true])
      await limiter.block('grace', 0)
      advance(365 * 24 * 3_600_000)
      expect(await outcome(limiter.consume('ada'))).toEqual(['rejected', 0, 2, -1, false])
      expect(await outcome(limiter.consume('grace'))).toEqual(['rejected', 0, 3, -1, false])
    })

    test('blockDuration blocks longer than the duration, for all who share the store', async ({
      store,
      advance,
    }) => {
      advance(0)
      const options = { points: 1, duration: 1, blockDuration: 10, ...PATIENT }
      const [one, two] = [1, 2].map(() => createRateLimiter(flexible, store, options))
      await one!.consume('ada')
      expect(await outcome(two!.consume('ada'))).toEqual(['rejected', 0, 2, 10_000, false])
      advance(9_000)
      expect(await outcome(one!.consume('ada'))).toMatchObject({ 0: 'rejected', 3: 1_000 })
      advance(1_000)
      expect(await outcome(one!.consume('ada'))).toMatchObject({ 0: 'resolved' })
    })

    test('consume() loses no point of many at once', async ({ store }) => {
      const options = { points: 25, duration: 3_600, ...PATIENT }
      const limiters = [1, 2].map(() => createRateLimiter(flexible, store, options))
      const calls = Array.from({ length: 40 }, (_, i) => outcome(limiters[i % 2]!.consume('ada')))
      const outcomes = await Promise.all(calls)
      expect(outcomes.filter(([how]) => how === 'resolved')).toHaveLength(25)
      expect(outcomes.filter(([, , , , isFirst]) => isFirst)).toHaveLength(1)
    })
  })
}

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

/** How a call ended: what is left, what was consumed, the time to wait, and whether it was the first. */
async function outcome(call: Promise<flexible.RateLimiterRes | null>) {
  const [how, result] = await call.then(
    (value) => ['resolved', value] as const,
    (error) => ['rejected', error] as const,
  )
  if (!(result instanceof flexible.RateLimiterRes)) throw result
  const { remainingPoints, consumedPoints, msBeforeNext, isFirstInDuration } = result
  return [how, remainingPoints, consumedPoints, msBeforeNext, isFirstInDuration] as const
}
