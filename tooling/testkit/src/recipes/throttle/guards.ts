import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { TIMEOUT } from '../lock-errors.ts'
import type { RecipeSuite } from '../recipe-suite.ts'
import { RATE } from './rate.ts'

/** Tests that `barrier` runs a function once at a time. */
export function guards({
  name,
  test,
  recipes: { throttle, barrier, RLock, BoundedSemaphore },
}: RecipeSuite): void {
  describe(`${name}: barrier()`, () => {
    test('runs the function once at a time, with this and arguments', async ({ store, reopen }) => {
      let inside = 0
      const object = { factor: 2 }
      async function multiply(this: typeof object, n: number) {
        expect(++inside).toBe(1)
        await delay(1)
        inside--
        return n * this.factor
      }
      const guarded = [store, reopen()].map((store) => barrier(store, multiply, { name: 'multiply' }))
      const results = Array.from({ length: 10 }, (_, i) => guarded[i % 2]?.call(object, i))
      expect(await Promise.all(results)).toEqual(Array.from({ length: 10 }, (_, i) => 2 * i))
    })

    test('goes under any lock, beside a throttle of the same name', async ({ store }) => {
      const factorial = barrier(
        store,
        async (n: number): Promise<number> => (n < 2 ? 1 : n * (await factorial(n - 1))),
        { name: 'f', lock: (store, key) => new RLock(store, key), timeout: 1_000 },
      )
      expect(await factorial(5)).toBe(120)
      const both = throttle(
        store,
        barrier(store, (n: number) => n, {
          name: 'b',
          lock: (store, key) => new BoundedSemaphore(store, key, 2),
        }),
        RATE,
      )
      expect(await both(1)).toBe(1)
    })

    test('gives up after a timeout, and passes errors on', async ({ store }) => {
      const over = Promise.withResolvers<void>()
      const patient = barrier(store, () => over.promise, { name: 'slow' })
      const hasty = barrier(store, () => over.promise, { name: 'slow', timeout: 20 })
      const first = patient()
      await expect(hasty()).rejects.toMatchObject(TIMEOUT)
      const error = new Error('failed')
      over.reject(error)
      await expect(first).rejects.toBe(error)
    })
  })
}
