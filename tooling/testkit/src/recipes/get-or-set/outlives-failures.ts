import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { until } from '../until.ts'
import { keep, LEASE_KEY } from './kept-value.ts'

/** Tests that a run in the background that fails leaves the stale value, and that `onError` is told. */
export function outlivesFailures({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet() computes anew in the background`, () => {
    test('an error keeps the stale value, reaches onError, and nobody tries again for a second', async ({
      store,
      clock,
    }) => {
      const errors: unknown[] = []
      const error = new Error('backend down')
      let calls = 0
      const make = () => {
        calls++
        throw error
      }
      const options = { ttl: 1_000, staleFor: 60_000, onError: (error: unknown) => errors.push(error) }
      await keep(getOrSet, store, 'old', options)
      clock.advance(1_500)
      expect(await getOrSet(store, 'k', make, options)).toBe('old')
      await until(() => errors.length > 0)
      await until(async () => (await store.get(LEASE_KEY)) !== undefined)
      expect(await getOrSet(store, 'k', make, options)).toBe('old')
      await delay(20)
      expect([calls, errors]).toEqual([1, [error]])
      clock.advance(1_000)
      expect(await getOrSet(store, 'k', make, options)).toBe('old')
      await until(() => errors.length > 1)
    })

    test('onError itself may fail', async ({ store, clock }) => {
      let told = 0
      const onError = async () => {
        told++
        throw new Error('second')
      }
      const options = { ttl: 1_000, staleFor: 60_000, onError }
      await keep(getOrSet, store, 'old', options)
      clock.advance(1_500)
      await getOrSet(store, 'k', () => Promise.reject(new Error('first')), options)
      await until(() => told > 0)
    })
  })
}
