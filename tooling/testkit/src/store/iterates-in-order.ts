import { expect } from 'vitest'
import type { StoreSuite } from './store-suite.ts'

/** Tests that iteration has the orders that the capabilities name. */
export function iteratesInOrder({ name, test }: StoreSuite): void {
  test(`${name} iterates as its capabilities say`, ({ store }) => {
    const keys = ['c', 'a', 'd', 'b', 'e'].flatMap((key) => [key, `${key}${key}`])
    for (const key of keys) store.set(key, key)
    store.set('a', 'replaced')
    expect([...store.keys()].toSorted()).toEqual(keys.toSorted())
    expect([...store.keys({ reverse: true })]).toEqual([...store.keys()].toReversed())
    expect([...store.values({ reverse: true })]).toEqual([...store.values()].toReversed())
    expect([...store.keys({ order: 'sorted' })]).toEqual(keys.toSorted())
    expect([...store.keys({ order: 'sorted', reverse: true })]).toEqual(keys.toSorted().reverse())
    if (store.capabilities.orders.includes('insertion')) expect([...store.keys()]).toEqual(keys)
  })
}
