import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'

/** Tests that a closed store has no locks. */
export function endsWithTheStore({ name, test, recipes: { Lock } }: RecipeSuite): void {
  describe(`${name}: a closed store`, () => {
    test('has no locks', async ({ reopen }) => {
      const store = reopen()
      const lock = new Lock(store, 'k')
      await store.close()
      await expect(lock.acquire()).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
      await expect(lock.locked()).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    })
  })
}
