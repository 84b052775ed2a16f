import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { RESULT_KEY } from './kept-value.ts'
import { slowMake } from './slow-make.ts'

/** Tests that a value which is forgotten while it is computed is neither stored nor shared. */
export function forgets({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet.forget()`, () => {
    test('keeps what is being computed from being stored, and later callers from sharing it', async ({
      store,
      reopen,
    }) => {
      const { runs, make, begun } = slowMake()
      const before = getOrSet(store, 'k', make)
      await begun(1)
      expect(await getOrSet.forget(reopen(), 'k')).toBe(false)
      expect(await getOrSet.forget(store, 'k')).toBe(false)
      const after = getOrSet(store, 'k', make)
      await begun(2)
      runs[0]?.resolve('outdated')
      expect(await before).toBe('outdated')
      expect(await store.get(RESULT_KEY)).toBeUndefined()
      runs[1]?.resolve('current')
      expect(await after).toBe('current')
      expect(await getOrSet(store, 'k', make)).toBe('current')
    })
  })
}
