import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../../recipe-suite.ts'
import { LEASE_KEY } from '../kept-value.ts'
import { slowMake } from '../slow-make.ts'

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

    test('a run that nobody waits for any more makes room, and hears of it', async ({ store, reopen }) => {
      const { runs, make, begun } = slowMake()
      const controller = new AbortController()
      const abandoned = getOrSet(store, 'k', make, { signal: controller.signal })
      await begun(1)
      controller.abort(new Error('enough'))
      await expect(abandoned).rejects.toThrow('enough')
      expect(runs[0]?.signal.aborted).toBe(true)
      expect(await getOrSet(reopen(), 'k', () => 'taken over')).toBe('taken over')
      runs[0]?.resolve('late')
      await delay(20)
      expect(await getOrSet(store, 'k', () => expect.unreachable())).toBe('taken over')
    })

    test('the signal of a run that has come to its end does not fire', async ({ store }) => {
      const { runs, make, begun } = slowMake()
      const value = getOrSet(store, 'k', make, { lease: 100, computeTimeout: 100 })
      await begun(1)
      runs[0]?.resolve('value')
      await value
      await delay(150)
      expect(runs[0]?.signal.aborted).toBe(false)
    })

    test('a slow run keeps its lease', async ({ store, reopen, clock }) => {
      const { runs, make, begun } = slowMake()
      const first = getOrSet(store, 'k', make, { lease: 900 })
      await begun(1)
      const lease = async () => JSON.stringify(await store.get(LEASE_KEY))
      const before = await lease()
      clock.advance(700)
      while ((await lease()) === before) await delay(20)
      clock.advance(700)
      const second = getOrSet(reopen(), 'k', make)
      await delay(30)
      expect(runs).toHaveLength(1)
      runs[0]?.resolve('slow')
      expect(await Promise.all([first, second])).toEqual(['slow', 'slow'])
    })
  })
}
