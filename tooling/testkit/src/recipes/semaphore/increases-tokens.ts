import { describe, expect } from 'vitest'
import type { RecipeSuite } from '../recipe-suite.ts'
import { empty, fill } from './all-holds.ts'

/** Tests that each hold has a higher token than those before it. */
export function increasesTokens({ name, test, recipes: { BoundedSemaphore, Lock } }: RecipeSuite): void {
  describe(`${name}: BoundedSemaphore`, () => {
    test('gives every hold a higher token, and shares no row with a lock', async ({ store }) => {
      const semaphore = new BoundedSemaphore(store, 'k', 3)
      const lock = await new Lock(store, 'k').acquire({ timeout: 0 })
      const holds = [...(await fill(semaphore))]
      await holds[0]?.release()
      holds.push(await semaphore.acquire())
      const tokens = holds.map(({ token }) => token)
      expect(tokens.every((token, i) => i === 0 || token > (tokens[i - 1] as number))).toBe(true)
      await empty([lock, ...holds.slice(1)])
    })
  })
}
