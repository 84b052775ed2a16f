import { describe, expect } from 'vitest'
import { DEFAULT_LEASE } from '../default-lease.ts'
import type { RecipeSuite } from '../recipe-suite.ts'
import { abandon } from './abandon.ts'

/** Tests that each hold has a higher token than those before it, whatever happened to the row. */
export function increasesTokens({ name, test, recipes: { Lock } }: RecipeSuite): void {
  describe(`${name}: Hold.token`, () => {
    test('increases over releases, lapses, deletion of the row, and a clock that is set back', async ({
      store,
      reopen,
      clock,
    }) => {
      const lock = new Lock(store, 'k')
      const tokens: number[] = []
      const take = async () => {
        const hold = await lock.acquire({ timeout: 0 })
        tokens.push(hold.token)
        await hold.release()
      }
      await take()
      await take()
      clock.advance(-3_600_000)
      await take()
      tokens.push((await abandon(Lock, reopen(), 'k', DEFAULT_LEASE)).token)
      clock.advance(DEFAULT_LEASE)
      await take()
      clock.advance(3_600_000)
      await store.delete(['diskcache', 'lock', 'k'])
      await take()
      clock.advance(10 * 86_400_000)
      await store.expire()
      await take()
      expect(tokens.toSorted((a, b) => a - b)).toEqual(tokens)
      expect(new Set(tokens).size).toBe(tokens.length)
      expect(tokens.every(Number.isSafeInteger)).toBe(true)
    })
  })
}
