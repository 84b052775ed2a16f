import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'vitest'
import { cacheTest, LARGE } from '../tests/cache-test.ts'

const test = cacheTest()

test('CacheNamespace.push(), pull(), peek(): queues are its own, with the keys that a cache would give', ({
  store,
}) => {
  const users = store.namespace<string | number>('users')
  store.push('of the whole')
  expect([users.push('b'), users.push('c'), users.push('a', { side: 'front' })]).toEqual([
    ...[500_000_000_000_000, 500_000_000_000_001, 499_999_999_999_999],
  ])
  expect([users.push('job', { prefix: 'jobs' }), users.push('odd', { prefix: '#' })]).toEqual([
    'jobs-500000000000000',
    '#-500000000000000',
  ])
  expect(users.get(500_000_000_000_000)).toBe('b')
  expect(users.peek()).toMatchObject({ key: 499_999_999_999_999, value: 'a' })
  expect([users.pull()?.value, users.pull({ side: 'back' })?.value, users.pull()?.value]).toEqual([
    'a',
    'c',
    'b',
  ])
  expect([users.pull(), users.pull({ prefix: 'jobs' })?.value, users.pull({ prefix: '#' })?.key]).toEqual([
    undefined,
    'job',
    '#-500000000000000',
  ])
  expect([users.size, store.pull()?.value]).toEqual([0, 'of the whole'])
})

test('CacheNamespace.pull() passes over integers that are no items', ({ store }) => {
  const users = store.namespace('users')
  for (const key of [0, 123_456_789_012_345, 999_999_999_999_999, -500_000_000_000_000]) users.set(key, key)
  users.set('-500000000000000', 'a string')
  expect([users.pull(), users.pull({ side: 'back' })]).toEqual([undefined, undefined])
  expect(users.push('item')).toBe(500_000_000_000_000)
})

test('CacheNamespace.promises push(), pull(), peek(), rename() do what the synchronous face does', async ({
  store,
}) => {
  const users = store.namespace('users', { ttl: 60_000 })
  const { promises } = users
  const [key, , item] = await Promise.all([promises.push('a'), promises.push('b'), promises.peek()])
  expect([key, item?.value, item?.expireTime]).toEqual([500_000_000_000_000, 'a', expect.any(Number)])
  expect((await promises.pull())?.value).toBe('a')
  expect(await promises.rename(500_000_000_000_001, 'named')).toBe(true)
  expect([users.rename('named', 7), users.get(7), await promises.peekItem()]).toMatchObject([
    true,
    'b',
    { key: 7 },
  ])
})

test('CacheNamespace.peekItem() gives the ends of its own order of insertion', ({ store }) => {
  const users = store.namespace('users')
  expect(users.peekItem()).toBeUndefined()
  store.set('first', 0)
  users.setMany([
    ['a', 1],
    [2, 2],
  ])
  store.set('last', 3)
  expect([users.peekItem(), users.peekItem({ last: false })]).toMatchObject([{ key: 2 }, { key: 'a' }])
})

test('CacheNamespace refuses what is no options, on both faces', async ({ store }) => {
  for (const users of [store.namespace('users'), store.namespace('others', { ttl: 60_000 })]) {
    users.push('item')
    for (const wrong of [5, null, { odd: 1 }] as never[]) {
      for (const face of [users, users.promises]) {
        const calls = [
          () => face.push('item', wrong),
          () => face.pull(wrong),
          () => face.peek(wrong),
          () => face.peekItem(wrong),
          () => face.clear(wrong),
          () => face.evict('tag', wrong),
          () => face.set('k', 1, wrong),
          () => face.incr('n' as never, 1, wrong),
          () => face.write('k', Readable.from('x'), wrong),
        ]
        for (const call of calls)
          await expect(Promise.resolve().then<unknown>(call), String(call)).rejects.toThrow(TypeError)
      }
    }
    for (const face of [users, users.promises])
      for (const wrong of [{ prefix: 'x' }, { reverse: true }, { last: null }] as never[])
        await expect(Promise.resolve().then(() => face.peekItem(wrong))).rejects.toThrow(TypeError)
    expect(users.size).toBe(1)
  }
})

test('CacheNamespace.promises transact() hands the body the namespace', async ({ store }) => {
  const { promises } = store.namespace<string, number>('users')
  expect(await promises.transact((users) => users.incr('a') + users.incr('a'))).toBe(3)
  expect(await promises.namespace<string, number>('b').transact((inner) => inner.incr('a'))).toBe(1)
  expect([...store.keys()]).toEqual(['users:a', 'users:b:a'])
})

test('CacheNamespace: an error names the key as the namespace has it', async ({ store }) => {
  const users = store.namespace('users')
  const missing = {
    code: 'ERR_DISKCACHE_KEY_MISSING',
    key: 7,
    message: expect.not.stringContaining('users:'),
  }
  expect(() => users.incr(7 as never, 1, { initial: null })).toThrow(expect.objectContaining(missing))
  await expect(users.promises.incr(7 as never, 1, { initial: null })).rejects.toMatchObject(missing)
  await expect(
    users.promises.setMany([
      ['a', 1],
      ['b', () => {}],
    ]),
  ).rejects.toMatchObject({ key: 'b' })
})

test('CacheNamespace: what others have stored under strings that are no keys is passed over, and goes with clear()', ({
  store,
}) => {
  const users = store.namespace('users')
  store.setMany([
    ['users:#odd', 1],
    ['users:#i007', 2],
    ['users:a', 3],
  ])
  expect([[...users], [...users.values()], users.size]).toEqual([[['a', 3]], [3], 3])
  expect([users.clear(), store.size]).toEqual([3, 0])
})

test('CacheNamespace counts many keys a stretch at a time', async ({ store }) => {
  const users = store.namespace('users')
  store.transact(() => {
    for (let i = 0; i < 50_001; i++) store.set(`users:${i}`, null)
    store.set('users', 0)
    store.set('userz', 0)
  })
  expect([users.size, await users.promises.count(), store.count({ prefix: 'users:1' })]).toEqual([
    50_001, 50_001, 11_111,
  ])
  expect([store.count({ prefix: '' }), users.count({ prefix: 'x' })]).toEqual([50_003, 0])
})

test('CacheNamespace.count() has expired entries, as size has', ({ store, clock }) => {
  const users = store.namespace('users', { ttl: 1_000 })
  store.configure({ cullLimit: 0 })
  users.set('a', 1)
  clock.advance(2_000)
  expect([users.size, [...users.keys()], store.expire(), users.size]).toEqual([1, [], 1, 0])
})

test('CacheNamespace.promises close() aborts sources, and lets what was accepted go on', async ({
  store,
}) => {
  const { promises } = store.namespace('users')
  const source = {
    async *[Symbol.asyncIterator]() {
      yield* endless()
    },
  }
  const writing = promises.write('film', source)
  const stored = promises.set('a', LARGE)
  const failed = expect(writing).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
  await turn()
  await promises.close()
  await failed
  expect([await stored, [...store.keys()]]).toEqual([true, ['users:a']])
})

test('CacheNamespace.memoize() takes decisions by the type of the result', async ({ store, clock }) => {
  let calls = 0
  const load = async (maxAge: number) => ({ maxAge, calls: ++calls })
  const memoized = store.namespace('n').memoize(load, {
    name: 'load',
    ttl: (result) => result.maxAge,
    keep: (result) => result.calls > 0,
  })
  expect([await memoized(1_000), await memoized(1_000)]).toEqual(Array(2).fill({ maxAge: 1_000, calls: 1 }))
  clock.advance(1_000)
  expect((await memoized(1_000)).calls).toBe(2)
})

test('CacheNamespace: channels tell the key of the whole', ({ store }) => {
  const told: unknown[] = []
  const listen = (message: unknown) => told.push((message as { key: unknown }).key)
  subscribe('diskcache:set', listen)
  store.namespace('users').set(7, 1)
  unsubscribe('diskcache:set', listen)
  expect(told).toEqual(['users:#i7'])
})

async function* endless(): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < 1e6; i++) {
    yield Buffer.alloc(10)
    await turn()
  }
}
