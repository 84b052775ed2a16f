import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { TIMEOUT } from '../lock-errors.ts'
import type { RecipeSuite } from '../recipe-suite.ts'

/** Tests that `TokenBucket.take` waits in line, or gives up. */
export function waitsForTokens({ name, test, recipes: { TokenBucket } }: RecipeSuite): void {
  describe(`${name}: TokenBucket`, () => {
    test('TokenBucket.take() waits in line', async ({ store, clock }) => {
      const rate = { name: 'b', count: 1, per: 20 }
      const order: number[] = []
      const takes = Array.from({ length: 4 }, async (_, i) => {
        await new TokenBucket(store, rate).take('k')
        order.push(i)
      })
      for (let i = 0; i < 4; i++) {
        while (order.length <= i) await delay(1)
        await delay(30)
        expect(order).toHaveLength(i + 1)
        clock.advance(20)
      }
      await Promise.all(takes)
      expect(order).toEqual([0, 1, 2, 3])
    })

    test('TokenBucket.take() gives up, and takes nothing', async ({ store, clock }) => {
      const bucket = new TokenBucket(store, { name: 'b', count: 1, per: 20 })
      await bucket.take()
      const reason = new Error('enough')
      const controller = new AbortController()
      const takes = Promise.allSettled([
        bucket.take(undefined, { timeout: 10 }),
        bucket.take(undefined, { signal: controller.signal }),
        bucket.take(undefined, { signal: controller.signal, timeout: 60_000 }),
      ])
      await delay(30)
      controller.abort(reason)
      expect(await takes).toMatchObject([{ reason: TIMEOUT }, { reason }, { reason }])
      clock.advance(20)
      expect((await bucket.tryTake()).ok).toBe(true)
    })
  })
}
