import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { keep, settled } from './kept-value.ts'
import { slowMake } from './slow-make.ts'

/** Tests that, with `staleFor`, a value whose time is up is served while another is computed. */
export function keepsStale({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet() computes anew in the background`, () => {
    test('a stale value is served while one caller of all processes computes it', async ({
      store,
      reopen,
      clock,
    }) => {
      const options = { ttl: 1_000, staleFor: 5_000 }
      await keep(getOrSet, store, 'old', options)
      clock.advance(1_500)
      const { runs, make, begun } = slowMake()
      const stores = [store, reopen()]
      const get = () => stores.map((store) => getOrSet(store, 'k', make, options))
      expect(await Promise.all([...get(), ...get()])).toEqual(['old', 'old', 'old', 'old'])
      await begun(1)
      await delay(20)
      expect(await Promise.all(get())).toEqual(['old', 'old'])
      expect(runs).toHaveLength(1)
      runs[0]?.resolve('new')
      await settled(store, 'new')
      expect(await Promise.all(get())).toEqual(['new', 'new'])
    })

    test('a refresh that never ends makes room for the next', async ({ store, clock }) => {
      const options = { ttl: 1_000, staleFor: 5_000, lease: 100, computeTimeout: 100 }
      await keep(getOrSet, store, 'old', options)
      clock.advance(1_500)
      const { runs, make, begun } = slowMake()
      expect(await getOrSet(store, 'k', make, options)).toBe('old')
      await begun(1)
      while (!runs[0]?.signal.aborted) await delay(20)
      while (runs.length === 1) {
        // For a second after a failure nobody tries again.
        clock.advance(100)
        expect(await getOrSet(store, 'k', make, options)).toBe('old')
        await delay(20)
      }
      runs[1]?.resolve('new')
      await settled(store, 'new')
    })

    test('a stale value goes when its time is up, and is not served to those who accept none', async ({
      store,
      clock,
    }) => {
      const options = { ttl: 1_000, staleFor: 5_000 }
      await keep(getOrSet, store, 'old', options)
      clock.advance(1_000)
      expect(await getOrSet(store, 'k', () => 'strict', { ttl: 1_000 })).toBe('strict')
      await keep(getOrSet, store, 'unused', options)
      clock.advance(6_000)
      expect(await getOrSet(store, 'k', () => 'anew', options)).toBe('anew')
    })
  })
}
