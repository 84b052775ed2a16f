import { describe, expect } from 'vitest'
import type { AsyncStoreSuite } from './async-store-suite.ts'

/** Tests that operations which are issued together have their effects in that order. */
export function keepsOrder({ name, test }: AsyncStoreSuite): void {
  describe(`${name} keeps order`, () => {
    test('per key, between writes and reads that are issued together', async ({ store }) => {
      const results = await Promise.all([
        store.set('k', 1),
        store.get('k'),
        store.incr('k'),
        store.get('k'),
        store.set('k', Buffer.alloc(100_000)),
        store.has('k'),
        store.delete('k'),
        store.get('k'),
        store.add('k', 'again'),
        store.get('k'),
      ])
      expect(results).toEqual([true, 1, 2, 2, true, true, true, undefined, true, 'again'])
    })

    test('for reads, which do not see what is issued after them', async ({ store }) => {
      await store.set('k', 'old')
      const results = await Promise.all([
        store.get('k'),
        store.get('other'),
        store.set('k', 'new'),
        store.set('other', 1),
        store.get('k'),
        store.delete('k'),
        store.get('k'),
      ])
      expect(results).toEqual(['old', undefined, true, true, 'new', true, undefined])
    })

    test('between writes and operations that concern all keys', async ({ store }) => {
      const results = await Promise.all([
        store.setMany([
          ['a', 1],
          ['b', Buffer.alloc(100_000)],
        ]),
        store.count(),
        store.clear(),
        store.set('c', 3),
        store.getMany(['a', 'c']),
        Array.fromAsync(store.keys()),
      ])
      expect(results).toEqual([[true, true], 2, 2, true, [undefined, 3], ['c']])
    })

    test('when a large value is replaced by a small one', async ({ store }) => {
      await Promise.all([store.set('k', Buffer.alloc(500_000)), store.set('k', 'small')])
      expect(await store.get('k')).toBe('small')
    })
  })
}
