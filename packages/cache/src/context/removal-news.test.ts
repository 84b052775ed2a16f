import { channel } from 'node:diagnostics_channel'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, vi } from 'vitest'
import { cacheTest, LARGE } from '../../tests/cache-test.ts'
import type { Cache } from '../cache.ts'
import { ForeignKey } from '../index.ts'

const KIB = Buffer.alloc(1_024, 1)

const test = cacheTest()

/** Subscribes to the channel until the test has ended. */
function listen(listener: (message: unknown) => void): void {
  channel('diskcache:evict').subscribe(listener)
  onTestFinished(() => {
    channel('diskcache:evict').unsubscribe(listener)
  })
}

/** Returns the messages of a cache, to which others are added as they come. */
function messagesOf(store: Cache): { reason: string; count: number; keys: unknown[] }[] {
  const messages: { reason: string; count: number; keys: unknown[] }[] = []
  listen((message) => {
    const { store: directory, ...rest } = message as { store: string } & (typeof messages)[number]
    if (directory === store.directory) messages.push(rest)
  })
  return messages
}

/** Runs SQL beside the cache. */
function execute(store: Cache, sql: string): void {
  const database = new Database(`${store.directory}/cache.db`)
  database.exec(sql)
  database.close()
}

describe('The channel diskcache:evict tells the keys of', () => {
  test('what expire(), evict() and clear() remove', ({ store, clock }) => {
    const messages = messagesOf(store)
    store.set('a', 1, { ttl: 10 })
    store.set(['b', 2], LARGE, { ttl: 20 })
    store.set(Buffer.from('c'), 1, { tag: 't' })
    store.set('p:1', 1)
    clock.advance(30)
    store.expire()
    store.evict('t')
    store.clear({ prefix: 'p:' })
    store.set(4n, 1)
    store.clear()
    expect(messages).toEqual([
      { reason: 'expired', count: 2, keys: ['a', ['b', 2]] },
      { reason: 'tag', count: 1, keys: [Buffer.from('c')] },
      { reason: 'clear', count: 1, keys: ['p:1'] },
      { reason: 'clear', count: 1, keys: [4] },
    ])
  })

  test('what a write removes to make room, by any policy', ({ store }) => {
    const messages = messagesOf(store)
    for (const evictionPolicy of [
      's3-fifo',
      'least-recently-used',
      { by: 'size', first: 'highest' },
    ] as const) {
      store.configure({ sizeLimit: 2 ** 20, evictionPolicy })
      const written = Array.from({ length: 1_500 }, (_, i) => i)
      for (const i of written) store.set(i, KIB)
      const told = messages.filter(({ reason }) => reason === 'evicted').flatMap(({ keys }) => keys)
      const count = messages.reduce((sum, message) => sum + message.count, 0)
      expect(told).toHaveLength(count)
      expect([...told, ...store.keys()].sort()).toEqual(written.sort())
      store.clear()
      messages.length = 0
    }
  })

  test('what a write removes since it has expired', ({ store, clock }) => {
    const messages = messagesOf(store)
    store.set('a', 1, { ttl: 10 })
    clock.advance(10)
    store.set('b', 1)
    store.set('b', 2, { ttl: 0 })
    expect(messages).toEqual([
      { reason: 'expired', count: 1, keys: ['a'] },
      { reason: 'expired', count: 1, keys: ['b'] },
    ])
  })

  test('what has expired apart from what is evicted beside it', ({ store, clock }) => {
    store.configure({ cullLimit: 1, evictionPolicy: 'least-recently-stored' })
    for (const key of ['a', 'b']) store.set(key, 1, { ttl: 10 })
    for (const key of ['c', 'd']) store.set(key, 1)
    clock.advance(10)
    const messages = messagesOf(store)
    store.configure({ maxEntries: 2 })
    store.set('e', 1)
    expect(messages).toEqual([
      { reason: 'expired', count: 1, keys: ['a'] },
      { reason: 'expired', count: 1, keys: ['b'] },
      { reason: 'evicted', count: 1, keys: ['c'] },
    ])
  })
})

describe('The channel diskcache:evict tells, too, the keys of', () => {
  test('queue items that have expired when somebody looks for them', async ({ store, clock }) => {
    const messages = messagesOf(store)
    const keys = [store.push('a', { ttl: 10 }), store.push('b', { ttl: 10, prefix: 'jobs' })]
    clock.advance(10)
    expect(store.pull()).toBeUndefined()
    expect(await store.promises.peek({ prefix: 'jobs' })).toBeUndefined()
    expect(messages).toEqual(keys.map((key) => ({ reason: 'expired', count: 1, keys: [key] })))
  })

  test('what cull() removes in batches, each of which is bounded', ({ store }) => {
    store.setMany(Array.from({ length: 300 }, (_, i) => [i, 1]))
    const messages = messagesOf(store)
    store.configure({ maxEntries: 10 })
    expect(store.cull()).toBe(290)
    expect(messages.map(({ count }) => count)).toEqual([100, 100, 90])
    expect(messages.flatMap(({ keys }) => keys)).toHaveLength(290)
  })
})

describe('The channel diskcache:evict', () => {
  test('tells after the commit, and nothing of what is undone', ({ store }) => {
    const messages = messagesOf(store)
    const evict = (ends: () => void) =>
      store.transact(() => {
        store.set('a', 1, { tag: 't' })
        store.evict('t')
        expect(messages).toEqual([])
        ends()
      })
    expect(() =>
      evict(() => {
        throw new Error('undone')
      }),
    ).toThrow('undone')
    evict(() => {})
    expect(messages).toEqual([{ reason: 'tag', count: 1, keys: ['a'] }])
  })

  test('tells a key that Python pickled as it is', ({ store }) => {
    execute(
      store,
      `INSERT INTO Settings (key, value) VALUES ('disk_pickle_protocol', 4);
       INSERT INTO Cache (key, raw, store_time, expire_time, tag, mode, value) VALUES (x'80045d942e', 0, 1, NULL, 't', 1, 1)`,
    )
    const messages = messagesOf(store)
    expect(store.evict('t')).toBe(1)
    const [key] = messages[0]?.keys ?? []
    expect(ForeignKey.is(key) && Buffer.from(key.bytes).toString('hex')).toBe('80045d942e')
  })

  test('leaves a damaged key out, and the entry goes', ({ store }) => {
    store.set('sound', 1, { tag: 't' })
    store.set('changed', 1, { tag: 't' })
    store.set(['form'], 1, { tag: 't' })
    execute(
      store,
      "UPDATE Cache SET key = 'chbnged' WHERE key = 'changed'; UPDATE Cache SET key = x'ff' WHERE raw = 2",
    )
    const messages = messagesOf(store)
    expect(store.evict('t')).toBe(3)
    expect(messages).toEqual([{ reason: 'tag', count: 3, keys: ['sound'] }])
  })

  test('hands on what a listener throws, and nothing else goes wrong', async ({ store }) => {
    const uncaught = vi.fn()
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException').on('uncaughtException', uncaught)
    onTestFinished(() => {
      process.removeAllListeners('uncaughtException')
      for (const listener of listeners) process.on('uncaughtException', listener)
    })
    listen(() => {
      throw new Error('of the application')
    })
    const messages = messagesOf(store)
    store.set('a', 1, { tag: 't' })
    expect(store.evict('t')).toBe(1)
    expect(messages).toHaveLength(1)
    expect(store.set('b', 2)).toBe(true)
    await expect.poll(() => uncaught.mock.calls.length).toBe(1)
  })

  test('lets a listener use the cache', ({ store }) => {
    store.configure({ maxEntries: 2 })
    listen((message) => {
      for (const key of (message as { keys: string[] }).keys) if (key !== 'last') store.set('last', key)
    })
    for (const key of ['a', 'b', 'c']) store.set(key, 1)
    expect(store.get('last')).toBe('b')
    expect(store.size).toBe(2)
  })
})
