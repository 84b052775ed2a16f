import { expect } from 'vitest'
import { withInheritedProperty } from '../inherited-property.ts'
import type { AsyncStoreMemberSuite } from './async-store-suite.ts'

/** Tests that a member works on an open store, also on one whose entries another has written, or is writing. */
export function worksOpen({ test, arrange, act, expected }: AsyncStoreMemberSuite): void {
  test('works on an open store', async ({ store }) => {
    await arrange?.(store)
    expect(await act(store, {})).toEqual(expected)
  })

  test('works where objects inherit an enumerable property', async ({ store }) => {
    const result = await withInheritedProperty(async () => {
      await arrange?.(store)
      return act(store, {})
    })
    expect(result).toEqual(expected)
  })

  test('works on a reopened store, and beside another', async ({ store, reopen }) => {
    await arrange?.(store)
    expect(await act(reopen(), {})).toEqual(expected)
  })

  test('works while its arrangement is under way', async ({ store }) => {
    const arranged = arrange?.(store)
    expect(await act(store, {})).toEqual(expected)
    await arranged
  })
}
