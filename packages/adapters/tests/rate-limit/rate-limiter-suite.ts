import * as flexible from 'rate-limiter-flexible'
import { describe, expect } from 'vitest'
import { createRateLimiter } from '../../src/rate-limit/create-rate-limiter.ts'
import { type Engine, limitTest, PATIENT } from './limit-test.ts'

/** What rate-limiter-flexible says of a limiter. */
export function rateLimiterSuite(engine: Engine): void {
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

/** How a call ended: what is left, what was consumed, the time to wait, and whether it was the first. */
export async function outcome(call: Promise<flexible.RateLimiterRes | null>) {
  const [how, result] = await call.then(
    (value) => ['resolved', value] as const,
    (error) => ['rejected', error] as const,
  )
  if (!(result instanceof flexible.RateLimiterRes)) throw result
  const { remainingPoints, consumedPoints, msBeforeNext, isFirstInDuration } = result
  return [how, remainingPoints, consumedPoints, msBeforeNext, isFirstInDuration] as const
}
