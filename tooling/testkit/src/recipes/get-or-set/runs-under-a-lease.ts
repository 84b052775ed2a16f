import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { LEASE_KEY } from './kept-value.ts'
import { slowMake } from './slow-make.ts'

/** Tests that a run is taken over when its process died, and only then. */
export function runsUnderALease({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet() passes on failures`, () => {
    test('another process takes over from one that died', async ({ store, reopen, clock }) => {
      const dead = reopen()
      const { make, begun } = slowMake()
      getOrSet(dead, 'k', make, { lease: 100 }).catch(() => {})
      await begun(1)
      await dead.close()
      const taken = getOrSet(store, 'k', () => 'taken over')
      await delay(20)
      clock.advance(100)
      expect(await taken).toBe('taken over')
    })

    test('a slow run keeps its lease', async ({ store, reopen, clock }) => {
      const { runs, make, begun } = slowMake()
      const first = getOrSet(store, 'k', make, { lease: 900 })
      await begun(1)
      const lease = async () => JSON.stringify(await store.get(LEASE_KEY))
      const before = await lease()
      clock.advance(899)
      while ((await lease()) === before) await delay(20)
      clock.advance(899)
      const second = getOrSet(reopen(), 'k', make)
      await delay(30)
      expect(runs).toHaveLength(1)
      runs[0]?.resolve('slow')
      expect(await Promise.all([first, second])).toEqual(['slow', 'slow'])
    })
  })
}
