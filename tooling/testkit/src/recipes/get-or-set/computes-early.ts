import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, vi } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { until } from '../until.ts'
import { keep, settled } from './kept-value.ts'

/** Tests that a value is computed anew by chance before its time is up. */
export function computesEarly({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet() computes anew in the background`, () => {
    test('early by chance: the sooner, the longer it takes and the less time is left', async ({
      store,
      clock,
    }) => {
      await keep(getOrSet, store, 'old', { ttl: 10_000 }, 1_000)
      const random = vi.spyOn(Math, 'random')
      const calls: string[] = []
      const get = (draw: number) => {
        random.mockReturnValueOnce(draw)
        return getOrSet(store, 'k', () => String(calls.push('new') && 'new'), { ttl: 10_000 })
      }
      clock.advance(8_000)
      expect(await get(Math.exp(-1.9))).toBe('old')
      await delay(20)
      expect(calls).toEqual([])
      expect(await get(Math.exp(-2.1))).toBe('old')
      random.mockRestore()
      await until(() => calls.length === 1)
      await settled(store, 'new')
      expect(await getOrSet(store, 'k', () => 'unused', { ttl: 10_000 })).toBe('new')
    })

    test('never early with beta 0, and never without ttl', async ({ store, clock }) => {
      const random = vi.spyOn(Math, 'random').mockReturnValue(1e-300)
      await keep(getOrSet, store, 'old', { ttl: 10_000 }, 1_000)
      clock.advance(9_999)
      const unused = () => expect.unreachable()
      expect(await getOrSet(store, 'k', unused, { ttl: 10_000, beta: 0 })).toBe('old')
      await keep(getOrSet, store, 'unused', { ttl: 10_000 })
      await getOrSet(store, 'eternal', () => 'value')
      clock.advance(1e12)
      expect(await getOrSet(store, 'eternal', unused)).toBe('value')
      random.mockRestore()
    })
  })
}
