import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { slowMake } from './slow-make.ts'
import { watchLease } from './watch-lease.ts'

/** Tests that all callers get the error of the run that they share, also those of other processes. */
export function passesFailures({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet() passes on failures`, () => {
    test('the very error in the process that computed, its description in others', async ({
      store,
      reopen,
    }) => {
      const { runs, make, begun } = slowMake()
      const error = Object.assign(new RangeError('no luck'), { code: 'ERR_NO_LUCK' })
      const here = Promise.allSettled([1, 2].map(() => getOrSet(store, 'k', make)))
      await begun(1)
      const { store: other, begun: waits } = watchLease(reopen())
      const there = Promise.allSettled([1, 2].map(() => getOrSet(other, 'k', make)))
      await waits
      runs[0]?.reject(error)
      for (const result of await here) expect((result as PromiseRejectedResult).reason).toBe(error)
      for (const result of await there) {
        expect(result).toMatchObject({
          reason: { name: 'RangeError', message: 'no luck', code: 'ERR_NO_LUCK' },
        })
      }
      expect(runs).toHaveLength(1)
      expect(await getOrSet(other, 'k', () => 'luck')).toBe('luck')
    })

    test('what is thrown need not be an error', async ({ store }) => {
      const odd = Object.create(null)
      await expect(getOrSet(store, 'k', () => Promise.reject(odd))).rejects.toBe(odd)
    })
  })
}
