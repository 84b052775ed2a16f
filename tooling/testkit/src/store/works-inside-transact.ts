import { expect } from 'vitest'
import type { StoreMemberSuite } from './store-suite.ts'

/** Tests that a member works inside `transact()`, and is undone with it. */
export function worksInsideTransact({
  test,
  member,
  arrange,
  act,
  expected,
  isAsync,
}: StoreMemberSuite): void {
  if (isAsync || member === 'close' || member === 'Symbol.dispose') return

  test('works inside transact()', ({ store }) => {
    arrange?.(store)
    expect(store.transact(() => act(store))).toEqual(expected)
  })

  test('is undone when transact() fails', ({ store }) => {
    arrange?.(store)
    const before = [...store.entries({ order: 'sorted' })]
    const undone = new Error('undone')
    const failing = () =>
      store.transact(() => {
        act(store)
        throw undone
      })
    expect(failing).toThrow(undone)
    expect([...store.entries({ order: 'sorted' })]).toEqual(before)
  })
}
