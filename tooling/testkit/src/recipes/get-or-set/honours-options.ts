import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { RESULT_KEY } from './kept-value.ts'
import { slowMake } from './slow-make.ts'

/** Tests that a value lives as long as `ttl`, `tag` and `forget` let it. */
export function honoursOptions({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet()`, () => {
    test('does not keep a value whose tag was evicted while it was computed', async ({ store }) => {
      const { runs, make, begun } = slowMake()
      const first = getOrSet(store, 'k', make, { tag: 't' })
      await begun(1)
      await store.evict('t')
      runs[0]?.resolve('old')
      expect(await first).toBe('old')
      expect(await store.get(RESULT_KEY)).toBeUndefined()
    })

    test('honours ttl and tag, and forgets', async ({ store, clock }) => {
      let calls = 0
      const get = () => getOrSet(store, 'k', () => ++calls, { ttl: 1_000, tag: 't', beta: 0 })
      expect([await get(), await get()]).toEqual([1, 1])
      clock.advance(1_000)
      expect([await get(), await get()]).toEqual([2, 2])
      expect(await store.evict('t')).toBe(1)
      expect(await get()).toBe(3)
      expect([await getOrSet.forget(store, 'k'), await getOrSet.forget(store, 'k')]).toEqual([true, false])
      expect(await get()).toBe(4)
    })
  })
}
