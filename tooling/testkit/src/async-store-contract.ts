import type { AsyncStore, IterateOptions } from '@diskcache/core'
import { describe, expect } from 'vitest'
import { ASYNC_STORE_CASES, type AsyncStoreCase, type AsyncStoreMember } from './async-store-cases.ts'
import { asyncStoreTest, type OpenAsyncStore } from './async-store-test.ts'
import { CountedChunks } from './counted-chunks.ts'

const CASES = Object.entries(ASYNC_STORE_CASES) as [AsyncStoreMember, AsyncStoreCase][]

/**
 * Defines tests for an engine behind `AsyncStore`: every member, on an open, a reopened and a closed store, and with a
 * signal that is aborted; order per key, operations that fail alone, several stores at once, and the end.
 *
 * @param name stands before the title of every test
 * @param open opens a store; all stores of one directory share their entries
 * @param capabilities what the engine can do: tests of what it lacks are left out, and one test compares these with those
 *   of the store
 */
export function asyncStoreContract(
  name: string,
  open: OpenAsyncStore,
  capabilities: AsyncStore['capabilities'],
): void {
  const test = asyncStoreTest(open)
  const cases = CASES.filter(([, { needs }]) => needs?.(capabilities) ?? true)

  test(`${name} has the capabilities that it is tested for`, ({ store }) => {
    expect(store.capabilities).toEqual(capabilities)
  })

  describe.each(cases)(`${name}: %s`, (_, { arrange, act, expected, worksClosed, isUnabortable }) => {
    test('works on an open store', async ({ store }) => {
      await arrange?.(store)
      expect(await act(store, {})).toEqual(expected)
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

    test(
      worksClosed ? 'works on a closed store' : 'rejects with ERR_DISKCACHE_CLOSED on a closed store',
      async ({ store }) => {
        await store.close()
        const result = (async () => act(store, {}))()
        if (worksClosed) expect(await result).toEqual(expected)
        else await expect(result).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
      },
    )

    if (!isUnabortable) {
      test('rejects with the reason of a signal that is aborted, and changes nothing', async ({ store }) => {
        await arrange?.(store)
        const before = await Array.fromAsync(store.entries())
        const reason = new Error('aborted')
        const result = (async () => act(store, { signal: AbortSignal.abort(reason) }))()
        await expect(result).rejects.toBe(reason)
        expect(await Array.fromAsync(store.entries())).toEqual(before)
      })
    }
  })

  test(`${name} iterates as its capabilities say`, async ({ store }) => {
    const keys = ['c', 'a', 'd', 'b', 'e'].flatMap((key) => [key, `${key}${key}`])
    await Promise.all(keys.map((key) => store.set(key, key)))
    await store.set('a', 'replaced')
    const listed = (options: IterateOptions) => Array.fromAsync(store.keys(options))
    expect((await listed({})).toSorted()).toEqual(keys.toSorted())
    if (capabilities.orders.includes('insertion')) expect(await listed({})).toEqual(keys)
    if (!capabilities.orders.includes('sorted')) return
    expect(await listed({ order: 'sorted' })).toEqual(keys.toSorted())
    expect(await listed({ order: 'sorted', reverse: true })).toEqual(keys.toSorted().reverse())
  })

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

  test.runIf(capabilities.streams).for([
    ['without a signal', undefined],
    ['with a signal', new AbortController().signal],
  ] as const)(`${name}: write() holds few chunks of a long source, %s`, async ([, signal], { store }) => {
    const [count, size] = [240, 64 * 1024]
    const source = new CountedChunks(count, size)
    expect(await store.write('film', source, { signal })).toBe(true)
    // Some MiB may wait for the engine at a time.
    expect(source.mostHeld).toBeLessThan(count / 4)
    let length = 0
    for await (const chunk of (await store.read('film'))!) length += chunk.length
    expect(length).toBe(count * size)
  })

  test(`${name}: close() finishes what was accepted`, async ({ store, reopen }) => {
    const writes = Array.from({ length: 50 }, (_, i) => store.set(i, Buffer.alloc(i % 2 ? 10 : 50_000)))
    const closed = store.close()
    await expect(store.get(1)).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    await Promise.all([...writes, closed])
    expect(await reopen().count()).toBe(50)
  })
}
