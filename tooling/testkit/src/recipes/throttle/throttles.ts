import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { TIMEOUT } from '../lock-errors.ts'
import type { RecipeSuite } from '../recipe-suite.ts'
import { RATE } from './rate.ts'

/** Tests that `throttle` calls a function so often at most. */
export function throttles({ name, test, recipes: { throttle } }: RecipeSuite): void {
  describe(`${name}: throttle()`, () => {
    test('calls the function with this and arguments, so often at most', async ({ store, reopen, clock }) => {
      const calls: unknown[] = []
      const object = { factor: 2 }
      function multiply(this: typeof object, n: number) {
        calls.push(n)
        return n * this.factor
      }
      const [here, there] = [store, reopen()].map((store) =>
        throttle(store, multiply, { ...RATE, count: 2, per: 20 }),
      )
      expect(await here?.call(object, 1)).toBe(2)
      expect(await there?.call(object, 2)).toBe(4)
      const third = here?.call(object, 3)
      await delay(30)
      expect(calls).toEqual([1, 2])
      clock.advance(10)
      expect(await third).toBe(6)
    })

    test('gives up after a timeout, without a call', async ({ store }) => {
      let calls = 0
      const slow = throttle(store, async () => ++calls, { ...RATE, count: 1, timeout: 20 })
      await slow()
      await expect(slow()).rejects.toMatchObject(TIMEOUT)
      expect(calls).toBe(1)
    })
  })
}
