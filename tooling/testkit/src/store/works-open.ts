import { expect } from 'vitest'
import { withInheritedProperty } from '../inherited-property.ts'
import type { StoreMemberSuite } from './store-suite.ts'

/** Tests that a member works on an open store, also on one whose entries another store has written. */
export function worksOpen({ test, arrange, act, expected }: StoreMemberSuite): void {
  test('works on an open store', async ({ store }) => {
    arrange?.(store)
    expect(await act(store)).toEqual(expected)
  })

  test('works where objects inherit an enumerable property', async ({ store }) => {
    const result = await withInheritedProperty(() => {
      arrange?.(store)
      return act(store)
    })
    expect(result).toEqual(expected)
  })

  test('works on a reopened store', async ({ store, reopen }) => {
    arrange?.(store)
    store.close()
    expect(await act(reopen())).toEqual(expected)
  })

  test('works beside another store of the same process', async ({ store, reopen }) => {
    arrange?.(store)
    expect(await act(reopen())).toEqual(expected)
  })
}
