import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { RATE } from './rate.ts'

/** Tests that there is one bucket for each name and key, from which all processes take. */
export function isShared({ name, test, recipes: { TokenBucket } }: RecipeSuite): void {
  describe(`${name}: TokenBucket`, () => {
    test('a process that joins does not fill it', async ({ store, reopen }) => {
      const takes = [store, reopen(), reopen(), reopen()].map((store) =>
        new TokenBucket(store, RATE).tryTake(),
      )
      expect((await Promise.all(takes)).filter(({ ok }) => ok)).toHaveLength(3)
    })

    test('keys and names are told apart', async ({ store }) => {
      const one = { ...RATE, count: 1 }
      const bucket = new TokenBucket(store, one)
      for (const key of ['a', 'b', null, 1, ['b'], undefined])
        expect((await bucket.tryTake(key as never)).ok).toBe(true)
      expect((await bucket.tryTake('a')).ok).toBe(false)
      expect((await new TokenBucket(store, { ...one, name: 'c' }).tryTake('a')).ok).toBe(true)
    })
  })
}
