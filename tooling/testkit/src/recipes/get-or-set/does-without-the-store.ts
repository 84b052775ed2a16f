import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { slowMake } from './slow-make.ts'
import { watchLease } from './watch-lease.ts'

class Point {
  x = 1
}

/** Tests that callers get a value which the store refuses. */
export function doesWithoutTheStore({ name, test, recipes: { getOrSet } }: RecipeSuite): void {
  describe(`${name}: getOrSet() does without the store`, () => {
    test.for([
      ['too large', () => Buffer.alloc(2_000_000), 'ERR_DISKCACHE_TOO_LARGE'],
      ['of no kind that can be kept', () => () => {}, 'ERR_DISKCACHE_UNSUPPORTED_VALUE'],
      ['an instance of a class', () => new Point(), 'ERR_DISKCACHE_UNSUPPORTED_VALUE'],
    ] as const)(
      'when the value is %s: all get it, those of other processes by computing it, and onError is told',
      async ([, make, code], { store, reopen }) => {
        const errors: unknown[] = []
        const first = slowMake()
        const others = slowMake()
        const onError = (error: unknown) => errors.push(error)
        const results = [getOrSet(store, 'k', first.make, { onError })]
        await first.begun(1)
        for (const waiter of [watchLease(reopen()), watchLease(reopen())]) {
          results.push(getOrSet(waiter.store, 'k', others.make))
          await waiter.begun
        }
        const value = make()
        first.runs[0]?.resolve(value)
        expect(await results[0]).toBe(value)
        await others.begun(2)
        for (const { resolve } of others.runs) resolve('own')
        expect(await Promise.all(results)).toEqual([value, 'own', 'own'])
        expect(errors).toMatchObject([{ code }])
      },
    )

    test('but not when it is closed, or used wrongly', async ({ store, reopen }) => {
      await expect(getOrSet(store, Symbol('k') as never, () => 1)).rejects.toThrow(TypeError)
      await expect(getOrSet(store, 'k', () => 1, { tag: {} as never })).rejects.toThrow(TypeError)
      const closed = reopen()
      await closed.close()
      await expect(getOrSet(closed, 'k', () => 1)).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    })
  })
}
