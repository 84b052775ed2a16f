import { setTimeout as delay } from 'node:timers/promises'
import type { AsyncStore } from '@diskcache/core'
import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { LEASE_KEY } from './kept-value.ts'
import { slowMake } from './slow-make.ts'

/** Tests that a value which is there is not computed again, and that callers at the same time share a run. */
export function computesOnce({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet()`, () => {
    test('computes a missing value once, and keeps it', async ({ store, reopen }) => {
      let calls = 0
      const make = () => ++calls
      expect(await getOrSet(store, 'k', make)).toBe(1)
      expect(await getOrSet(reopen(), 'k', make)).toBe(1)
      expect(await getOrSet(store, 'other', async () => make())).toBe(2)
      expect(await store.get(LEASE_KEY)).toBeUndefined()
    })

    test('keeps undefined and null as values', async ({ store }) => {
      let calls = 0
      for (const value of [undefined, null]) {
        const make = () => {
          calls++
          return value
        }
        expect(await getOrSet(store, [value], make)).toBe(value)
        expect(await getOrSet(store, [value], make)).toBe(value)
      }
      expect(calls).toBe(2)
    })

    test('all callers of all processes share one run on a cold key', async ({ store, reopen }) => {
      const { runs, make, begun } = slowMake()
      const stores = [store, reopen(), reopen()]
      const calls = Array.from({ length: 75 }, (_, i) => getOrSet(stores[i % 3] as AsyncStore, 'k', make))
      await begun(1)
      await delay(30)
      runs[0]?.resolve('value')
      expect(new Set(await Promise.all(calls))).toEqual(new Set(['value']))
      expect(runs).toHaveLength(1)
    })

    test('keeps nothing with a ttl of 0, but shares a run', async ({ store }) => {
      const { runs, make, begun } = slowMake()
      const calls = [1, 2, 3].map(() => getOrSet(store, 'k', make, { ttl: 0 }))
      await begun(1)
      runs[0]?.resolve(1)
      expect(await Promise.all(calls)).toEqual([1, 1, 1])
      expect(await store.count()).toBe(0)
    })
  })
}
