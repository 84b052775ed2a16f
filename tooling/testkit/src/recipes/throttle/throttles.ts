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
      const rate = { ...RATE, count: 1 }
      const patient = throttle(store, async () => ++calls, rate)
      const hasty = throttle(store, async () => ++calls, { ...rate, timeout: 20 })
      await patient()
      await expect(hasty()).rejects.toMatchObject(TIMEOUT)
      expect(calls).toBe(1)
    })

    test('skips what has no token, without waiting, when it is told so', async ({ store, reopen, clock }) => {
      const calls: number[] = []
      const double = (n: number) => {
        calls.push(n)
        return 2 * n
      }
      const skipping = { ...RATE, count: 1, per: 20, overflow: 'skip' as const }
      const [here, there] = [store, reopen()].map((store) => throttle(store, double, skipping))
      expect(await here?.(1)).toBe(2)
      expect([await here?.(2), await there?.(3)]).toEqual([undefined, undefined])
      clock.advance(20)
      expect(await there?.(4)).toBe(8)
      expect(calls).toEqual([1, 4])
    })

    test('leaves the errors of what it calls alone, also when it skips', async ({ store }) => {
      const error = new Error('failed')
      const fail = throttle(store, () => Promise.reject(error), { ...RATE, count: 1, overflow: 'skip' })
      await expect(fail()).rejects.toBe(error)
      expect(await fail()).toBeUndefined()
    })
  })
}
