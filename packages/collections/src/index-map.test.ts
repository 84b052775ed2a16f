import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { directoryTest as test } from '@diskcache/testkit'
import { describe, expect } from 'vitest'
import { Index } from './index-map.ts'

test('Index keeps its entries, in order, when it is opened again', ({ directory }) => {
  new Index(directory, {
    entries: [
      ['b', 1],
      ['a', 2],
    ],
  })
    .set('b', 3)
    .close()
  using index = new Index(directory)
  expect([...index]).toEqual([
    ['b', 3],
    ['a', 2],
  ])
})

test('Index compares keys by value', ({ directory }) => {
  using index = new Index(directory)
  index.set([1, { a: 1, b: 2 }], 'x')
  expect(index.get([1, { b: 2, a: 1 }])).toBe('x')
})

test('Index tells a stored undefined from none', ({ directory }) => {
  using index = new Index<string, unknown>(directory, { entries: [['k', undefined]] })
  expect(index.has('k')).toBe(true)
  expect(index.setDefault('k', () => 1)).toBeUndefined()
  expect(index.peekItem()).toEqual(['k', undefined])
})

test('Index never evicts, and refuses what is too large', ({ directory }) => {
  using index = new Index(directory, { sizeLimit: 50_000 })
  for (let i = 0; i < 10; i++) index.set(i, 'x'.repeat(40_000))
  expect(index.size).toBe(10)
  const tooLarge = expect.objectContaining({ code: 'ERR_DISKCACHE_TOO_LARGE' })
  expect(() => index.set('k', 'x'.repeat(50_001))).toThrow(tooLarge)
  expect(() =>
    index.update([
      ['a', 1],
      ['k', 'x'.repeat(50_001)],
    ]),
  ).toThrow(tooLarge)
  expect(index.has('a')).toBe(false)
})

test('Index setDefault() calls its function only when there is no value', ({ directory }) => {
  using index = new Index(directory)
  expect(index.setDefault('k', () => 1)).toBe(1)
  expect(index.setDefault('k', () => expect.unreachable())).toBe(1)
  expect(() => index.setDefault('k', 1 as never)).toThrow(TypeError)
})

test('Index push() and pull() make a queue of it', ({ directory }) => {
  using index = new Index<number | string, string>(directory)
  const key = index.push('first', { prefix: 'jobs' })
  index.push('second', { prefix: 'jobs' })
  expect(key).toBe('jobs-500000000000000')
  expect(index.pull({ prefix: 'jobs' })).toEqual([key, 'first'])
  expect(index.pull({ prefix: 'jobs', side: 'back' })?.[1]).toBe('second')
  expect(index.pull({ prefix: 'jobs' })).toBeUndefined()
})

test('Index equals() heeds the order, except with a Map', ({ directory }) => {
  const entries: [string, number][] = [
    ['a', 1],
    ['b', 2],
  ]
  using index = new Index(join(directory, 'a'), { entries })
  using same = new Index(join(directory, 'b'), { entries })
  using other = new Index(join(directory, 'c'), { entries: entries.toReversed() })
  expect(index.equals(same)).toBe(true)
  expect(index.equals(other)).toBe(false)
  expect(index.equals(new Map(entries.toReversed()))).toBe(true)
  expect(
    index.equals(
      new Map([
        ['a', 1],
        ['c', 2],
      ]),
    ),
  ).toBe(false)
  expect(index.equals(new Map())).toBe(false)
})

test('Index memoize() keeps results in it', ({ directory }) => {
  using index = new Index(directory)
  let calls = 0
  const double = index.memoize((n: number) => n * 2 + 0 * ++calls, { name: 'double' })
  expect([double(2), double(2), calls]).toEqual([4, 4, 1])
})

test('Index in() lives inside a FanoutCache, from() in a cache that does not evict', ({ directory }) => {
  using store = new FanoutCache(directory, { shards: 2 })
  using index = Index.in(store, 'pages', { entries: [['a', 1]] })
  expect(index.directory).toBe(store.directoryFor('index', 'pages'))
  using cache = new Cache(join(directory, 'cache', 'c'))
  expect(() => Index.from(cache)).toThrow(TypeError)
  expect(Index.from(cache, { allowEviction: true, entries: [['a', 1]] }).size).toBe(1)
  expect(cache.get('a')).toBe(1)
})

test('Index forEach() passes on its second argument', ({ directory }) => {
  using index = new Index(directory, { entries: [['a', 1]] })
  const seen: unknown[] = []
  index.forEach(function (this: unknown, value, key) {
    seen.push([this, value, key])
  }, 'this')
  expect(seen).toEqual([['this', 1, 'a']])
})

describe('Index.promises', () => {
  test('does what the synchronous face does', async ({ directory }) => {
    using index = new Index<string | number, unknown>(directory)
    const { promises } = index
    const results = await Promise.all([
      promises.set('a', 1),
      promises.update([
        ['b', 2],
        ['c', 3],
        ['d', 4],
      ]),
      promises.size(),
      promises.get('a'),
      promises.has('x'),
      promises.setDefault('b', () => expect.unreachable()),
      promises.setDefault('e', async () => 5),
      promises.peekItem({ last: false }),
      promises.popItem({ last: false }),
      promises.delete('b'),
      promises.pop('c'),
      promises.push('job', { prefix: 'q' }),
      promises.pull({ prefix: 'q' }),
    ])
    expect(results.slice(2)).toEqual([
      4,
      1,
      false,
      2,
      5,
      ['a', 1],
      ['a', 1],
      true,
      3,
      'q-500000000000000',
      ['q-500000000000000', 'job'],
    ])
    expect(
      await promises.equals(
        new Map([
          ['e', 5],
          ['d', 4],
        ]),
      ),
    ).toBe(true)
    expect(await promises.equals(index)).toBe(true)
    expect(await Array.fromAsync(promises.keys())).toEqual(['d', 'e'])
    expect(await Array.fromAsync(promises.values({ reverse: true }))).toEqual([5, 4])
    expect(await Array.fromAsync(promises)).toEqual([
      ['d', 4],
      ['e', 5],
    ])
    expect(await promises.transact((face) => face.popItem())).toEqual(['e', 5])
    await promises.clear()
    await promises.close()
    expect(() => index.size).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_CLOSED' }))
  })

  test('set() rejects with ERR_DISKCACHE_TOO_LARGE', async ({ directory }) => {
    using index = new Index(directory, { sizeLimit: 1_000 })
    const tooLarge = { code: 'ERR_DISKCACHE_TOO_LARGE' }
    await expect(index.promises.set('k', 'x'.repeat(1_001))).rejects.toMatchObject(tooLarge)
    await expect(index.promises.update([['k', 'x'.repeat(1_001)]])).rejects.toMatchObject(tooLarge)
  })

  test('setDefault() keeps the first of several values', async ({ directory }) => {
    using index = new Index<string, number>(directory)
    const values = await Promise.all([1, 2, 3].map((n) => index.promises.setDefault('k', async () => n)))
    expect(values).toEqual([1, 1, 1])
  })
})

test('Index.cache is the cache of the entries, and is closed with the index that opened it', async ({
  directory,
}) => {
  const index = new Index<string, number>(directory, { entries: [['a', 1]] })
  const { cache, promises } = index
  expect([cache.directory, cache.incr('a'), index.get('a')]).toEqual([directory, 2, 2])
  expect(await promises.cache.check()).toEqual([])
  index.close()
  expect(cache.isOpen).toBe(false)
})

test('Index.cache is the one that the index was made of, which stays open', ({ directory }) => {
  using cache = new Cache<string, number>(directory, { evictionPolicy: 'none' })
  const index = Index.from(cache)
  expect([index.cache, index.promises.cache]).toEqual([cache, cache.promises])
  index.close()
  expect(cache.isOpen).toBe(true)
})

test('Index.promises.update() sets more than a slice in their order', async ({ directory }) => {
  await using index = new Index<number, number>(directory).promises
  const entries = Array.from({ length: 2_500 }, (_, i) => [2_500 - i, i] as const)
  await Promise.all([index.update(entries), index.set(1, -1)])
  expect(await index.size()).toBe(2_500)
  expect(await index.get(1)).toBe(-1)
  expect(await index.equals(new Map([...entries, [1, -1]]))).toBe(true)
  expect(await index.equals(new Map(entries))).toBe(false)
})

test('Index.promises.update() rejects for a value that is too large', async ({ directory }) => {
  const tooLarge = expect.objectContaining({ code: 'ERR_DISKCACHE_TOO_LARGE' })
  using cache = new Cache<number, string>(directory, { evictionPolicy: 'none', sizeLimit: 1_000_000 })
  const index = Index.from(cache).promises
  const entries = (count: number) =>
    Array.from({ length: count }, (_, i) => [i, i === 10 ? 'x'.repeat(1_000_001) : 'value'] as const)
  await expect(index.update(entries(1_000))).rejects.toThrow(tooLarge)
  expect(await index.size()).toBe(0)
  await expect(index.update(entries(1_001))).rejects.toThrow(tooLarge)
  expect(await index.size()).toBe(1_000)
})

test('Index keeps entries in memory, and makes a default only where there is none by now', ({
  directory,
}) => {
  using index = new Index<string, number>(directory, { memory: { maxBytes: 100_000, staleness: 2 ** 31 } })
  using other = new Index<string, number>(directory)
  index.set('a', 1)
  index.get('a')
  other.delete('a')
  expect(index.get('a')).toBe(1)
  expect(index.get('a', { fresh: true })).toBe(undefined)
  expect(index.setDefault('a', () => 2)).toBe(2)
  expect([index.get('a'), other.get('a')]).toEqual([2, 2])
})
