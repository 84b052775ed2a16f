import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'

/** Tests what `memoizeStampede` adds: a key for each list of arguments. */
export function memoizes({ name, test, recipes: { memoizeStampede } }: RecipeSuite): void {
  describe(`${name}: memoizeStampede()`, () => {
    test('computes once for equal arguments, over all processes', async ({ store, reopen }) => {
      let calls = 0
      const fn = async (a: number, b?: { deep: unknown }) => [++calls, a, b]
      const one = memoizeStampede(store, fn, { name: 'fn' })
      const two = memoizeStampede(reopen(), fn, { name: 'fn' })
      expect(await Promise.all([one(1, { deep: [1] }), one(1, { deep: [1] })])).toEqual([
        [1, 1, { deep: [1] }],
        [1, 1, { deep: [1] }],
      ])
      expect(await two(1, { deep: [1] })).toEqual([1, 1, { deep: [1] }])
      expect(await two(1)).toEqual([2, 1, undefined])
      expect(await one(1, undefined)).toEqual([2, 1, undefined])
      expect(await store.has(one.cacheKey(1))).toBe(true)
      expect(one.original).toBe(fn)
    })

    test('does not confuse arguments, or functions', async ({ store }) => {
      const echo = memoizeStampede(store, (...args: unknown[]) => args, { name: 'echo' })
      const other = memoizeStampede(store, () => 'other', { name: 'other' })
      const calls = [
        [],
        [null],
        ['null'],
        [1, 2],
        [[1, 2]],
        ['1', 2],
        [{ 0: 1 }],
        [undefined, 1],
        [true],
        [1],
      ]
      for (const args of [...calls, ...calls]) expect(await echo(...args)).toEqual(args)
      expect(await other()).toBe('other')
      expect(() => memoizeStampede(store, () => 2, { name: 'echo' })).toThrow(/'echo'/)
    })

    test('passes this on, leaves out ignored arguments, and asks for the key', async ({ store }) => {
      const object = {
        base: 10,
        add: memoizeStampede(
          store,
          async function (this: { base: number }, a: number, _request: number) {
            return this.base + a
          },
          { name: 'add', ignore: [1] },
        ),
      }
      expect([await object.add(1, 5), await object.add(1, 6)]).toEqual([11, 11])
      const byId = memoizeStampede(store, (user: { id: number; at: number }) => user.at, {
        name: 'byId',
        key: ({ id }) => id,
      })
      expect([await byId({ id: 1, at: 5 }), await byId({ id: 1, at: 6 })]).toEqual([5, 5])
    })

    test('forgets', async ({ store }) => {
      let calls = 0
      const count = memoizeStampede(store, (_: string) => ++calls, { name: 'count', ttl: 60_000 })
      expect([await count('a'), await count('a')]).toEqual([1, 1])
      expect([await count.forget('a'), await count.forget('a'), await count('a')]).toEqual([true, false, 2])
    })
  })
}
