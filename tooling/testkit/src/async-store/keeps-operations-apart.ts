import { describe, expect } from 'vitest'
import type { AsyncStoreSuite } from './async-store-suite.ts'

/** Tests that an operation fails, or is aborted, alone, and that those of two stores do not disturb each other. */
export function keepsOperationsApart({ name, test }: AsyncStoreSuite): void {
  describe(`${name} keeps operations apart`, () => {
    test('one that fails rejects alone', async ({ store }) => {
      const results = await Promise.allSettled([
        store.set('a', 1),
        store.update('b', () => {
          throw new Error('change failed')
        }),
        store.set('text', 'text'),
        store.incr('text'),
        store.set('c', () => {}),
        store.set(Symbol('d') as never, 1),
        store.set('e', 5, { ttl: -1 }),
        store.incr('missing', 1, { initial: null }),
        store.set('f', 6),
      ])
      expect(results.map(({ status }) => status === 'fulfilled')).toEqual([
        ...[true, false, true, false, false, false, false, false, true],
      ])
      expect(new Map(await Array.fromAsync(store))).toEqual(
        new Map<unknown, unknown>([
          ['a', 1],
          ['text', 'text'],
          ['f', 6],
        ]),
      )
    })

    test('an aborted one has no effect, and its neighbours have theirs', async ({ store }) => {
      const controller = new AbortController()
      const results = Promise.allSettled([
        store.set('a', 1),
        store.set('b', Buffer.alloc(200_000), { signal: controller.signal }),
        store.set('c', 3, { signal: controller.signal }),
        store.set('d', 4),
      ])
      controller.abort(new Error('enough'))
      expect((await results).map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
        'fulfilled',
      ])
      expect(await store.hasMany(['a', 'b', 'c', 'd'])).toEqual([true, false, false, true])
    })

    test('operations on no keys give nothing, and do nothing', async ({ store }) => {
      await store.set('a', 1)
      for (const name of ['getMany', 'getEntries', 'hasMany', 'setMany', 'deleteMany'] as const)
        expect([name, await store[name]([])]).toEqual([name, []])
      expect(await Array.fromAsync(store)).toEqual([['a', 1]])
    })

    test('of many add() exactly one wins, from two stores', async ({ store, reopen }) => {
      const other = reopen()
      const adds = Array.from({ length: 40 }, (_, i) => (i % 2 ? store : other).add('k', i))
      expect((await Promise.all(adds)).filter(Boolean)).toHaveLength(1)
    })

    test('increments from two stores all count', async ({ store, reopen }) => {
      const other = reopen()
      await Promise.all(Array.from({ length: 200 }, (_, i) => (i % 2 ? store : other).incr('n')))
      expect(await store.get('n')).toBe(200)
    })
  })
}
