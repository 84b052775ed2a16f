import type { IterateOptions } from '@diskcache/core'
import { expect } from 'vitest'
import type { AsyncStoreSuite } from './async-store-suite.ts'

/** Tests that iteration has the orders that the capabilities name. */
export function iteratesInOrder({ name, test, capabilities }: AsyncStoreSuite): void {
  test(`${name} iterates as its capabilities say`, async ({ store }) => {
    const keys = ['c', 'a', 'd', 'b', 'e'].flatMap((key) => [key, `${key}${key}`])
    await Promise.all(keys.map((key) => store.set(key, key)))
    await store.set('a', 'replaced')
    const listed = (options: IterateOptions) => Array.fromAsync(store.keys(options))
    expect((await listed({})).toSorted()).toEqual(keys.toSorted())
    if (capabilities.orders.length > 0)
      expect(await listed({ reverse: true })).toEqual((await listed({})).toReversed())
    if (capabilities.orders.includes('insertion')) expect(await listed({})).toEqual(keys)
    if (!capabilities.orders.includes('sorted')) return
    expect(await listed({ order: 'sorted' })).toEqual(keys.toSorted())
    expect(await listed({ order: 'sorted', reverse: true })).toEqual(keys.toSorted().reverse())
  })
}
