import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { RATE } from './rate.ts'

/** Tests that a bucket fills as time goes by, whatever the clocks do. */
export function fillsByTime({ name, test, recipes: { TokenBucket } }: RecipeSuite): void {
  describe(`${name}: TokenBucket`, () => {
    test('TokenBucket.tryTake() gives so many, and again as time goes by', async ({ store, clock }) => {
      const bucket = new TokenBucket(store, RATE)
      const begin = clock.time
      const taken = (remaining: number, retryAfter: number, full: number) => {
        return { ok: true, remaining, retryAfter, resetAt: begin + full }
      }
      expect(await bucket.tryTake()).toEqual(taken(2, 0, 100))
      expect(await bucket.tryTake()).toEqual(taken(1, 0, 200))
      expect(await bucket.tryTake()).toEqual(taken(0, 100, 300))
      expect(await bucket.tryTake()).toEqual({ ...taken(0, 100, 300), ok: false })
      clock.advance(99)
      expect(await bucket.tryTake()).toMatchObject({ ok: false, retryAfter: 1 })
      clock.advance(1)
      expect((await bucket.tryTake()).ok).toBe(true)
      expect((await bucket.tryTake()).ok).toBe(false)
    })

    test('gives count in per from a full bucket, and count per per thereafter, whatever the fractions', async ({
      store,
      clock,
    }) => {
      const bucket = new TokenBucket(store, { name: 'b', count: 7, per: 1_000 })
      let taken = 0
      for (let time = 0; time < 3_000; time += 13) {
        while ((await bucket.tryTake()).ok) taken++
        expect(taken).toBe(7 + Math.floor((time * 7) / 1_000 + 1e-9))
        clock.advance(13)
      }
    })

    test('a full bucket has no row', async ({ store, clock }) => {
      const bucket = new TokenBucket(store, RATE)
      await bucket.tryTake()
      clock.advance(99)
      expect(await Array.fromAsync(store.keys())).toHaveLength(1)
      clock.advance(1)
      expect(await Array.fromAsync(store.keys())).toHaveLength(0)
    })

    test('a clock that is behind fills nothing twice, and one that is set back does not empty it for long', async ({
      store,
      clock,
    }) => {
      const bucket = new TokenBucket(store, RATE)
      for (let i = 0; i < 3; i++) await bucket.tryTake()
      for (let i = 0; i < 10; i++) {
        clock.advance(-90)
        expect((await bucket.tryTake()).ok).toBe(false)
        clock.advance(90)
        expect((await bucket.tryTake()).ok).toBe(false)
      }
      clock.advance(-3_600_000)
      await bucket.tryTake()
      clock.advance(100)
      expect((await bucket.tryTake()).ok).toBe(true)
    })
  })
}
