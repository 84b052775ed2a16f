import { expect } from 'vitest'
import type { StoreMemberSuite } from './store-suite.ts'

/**
 * Tests that a member that writes throws at once, however long it may wait, where another store of this process on the
 * same directory is inside `transact`, and that one that reads works.
 */
export function meetsItself({ test, arrange, act, expected, busy, isAsync }: StoreMemberSuite): void {
  if (isAsync) return

  test('refuses to wait for a transaction of its own process', ({ store, reopen }) => {
    arrange?.(store)
    const other = reopen({ timeout: 2 ** 31 - 1 })
    const refusal = { code: 'ERR_DISKCACHE_REENTRANT', message: expect.stringContaining('this process') }
    store.transact(() => {
      if (busy === undefined) expect(act(other)).toEqual(expected)
      else expect(() => act(other)).toThrow(expect.objectContaining(refusal))
    })
  })
}
