import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { Disk, JSONDisk, type Key } from '@diskcache/core'
import { createClientPool } from 'redis'
import { describe, expect, vi } from 'vitest'
import { describeRedis } from '../tests/servers/describe-redis.ts'
import { meddlingClient } from '../tests/servers/meddling-client.ts'
import { redisTest } from '../tests/servers/redis-test.ts'
import { RedisStore } from './index.ts'
import { PUT } from './scripts/put.ts'

const LARGE = 700_000

async function* partsOf(...parts: (Uint8Array | string)[]) {
  yield* parts
}

describeRedis('RedisStore', () => {
  const test = redisTest()

  test('getOrSet() says that it is no method', async ({ store }) => {
    // @ts-expect-error: the compiler says it, too
    await expect(store.getOrSet('k', () => 1)).rejects.toThrow(
      /@diskcache\/recipes.*getOrSet\(store, key, make\)/,
    )
  })

  describe('keys', () => {
    const KEYS: Key[] = [
      ...['', 'a', 'a}b', '{', '}', ':', '*', '\\', '[a]', 'é€😀', '\u0000', '\ud800', '1'],
      ...[0, 1, -1, 0.5, 2n ** 60n, 1e300, Number.NaN, Infinity, 2n ** 63n, -(2n ** 63n), 2n ** 62n + 1n],
      ...[true, false, null, new Date(0), Buffer.from([0, 255]), [], [1], ['1'], { a: 1, b: [undefined] }],
    ]

    test('all kinds are kept apart, and come back', async ({ store }) => {
      for (const [i, key] of KEYS.entries()) await store.set(key, i)
      expect(await store.getMany(KEYS)).toEqual(KEYS.map((_, i) => i))
      const entries = await Array.fromAsync(store.entries())
      expect(entries.sort((a, b) => Number(a[1]) - Number(b[1]))).toEqual(KEYS.map((key, i) => [key, i]))
      await store.set('large}'.repeat(3), Buffer.alloc(LARGE))
      expect(await store.count()).toBe(KEYS.length + 1)
    })

    test('1, 1n and 1.0 are one, and so are 0 and -0', async ({ store }) => {
      await store.setMany([
        [1n, 'one'],
        [-0, 'zero'],
      ])
      expect(await store.getMany([1, 0, '1'])).toEqual(['one', 'zero', undefined])
    })

    test.for(['a*', 'a[b-c]?', 'a\\', 'x^'])(
      'the prefix %s is text, and no pattern',
      async (prefix, { store }) => {
        await store.setMany([prefix, `${prefix}1`, 'a', 'ab', 'abc', 'a[bb]c', 'x'].map((key) => [key, 1]))
        expect((await Array.fromAsync(store.keys({ prefix }))).toSorted()).toEqual([prefix, `${prefix}1`])
        expect(await store.clear({ prefix })).toBe(2)
        expect(await store.count()).toBe(5)
      },
    )

    test('stores with different prefixes do not see each other', async ({ open, prefix }) => {
      const stores = [prefix, `${prefix}:`, `${prefix}*`, `${prefix}2`].map((prefix) => open({ prefix }))
      await Promise.all(stores.map((store, i) => store.set('k', i)))
      expect(await Promise.all(stores.map((store) => store.get('k')))).toEqual([0, 1, 2, 3])
      expect(await stores[0]?.clear()).toBe(1)
      expect(await Promise.all(stores.map((store) => store.count()))).toEqual([0, 1, 1, 1])
    })
  })
})

describeRedis('RedisStore: values', () => {
  const test = redisTest()

  describe('values', () => {
    const VALUES = [
      ...[
        '',
        'text',
        '\ud800',
        0,
        -0,
        1.5,
        Number.NaN,
        -Infinity,
        2n ** 60n,
        2n ** 70n,
        5n,
        true,
        null,
        undefined,
      ],
      ...[
        Buffer.from('bytes'),
        new Uint8Array(0),
        new Date(1),
        new Array(3),
        new Map([[{ a: 1 }, new Set([2])]]),
        /x/g,
      ],
      ...[
        'x'.repeat(LARGE),
        '€'.repeat(30_000),
        Buffer.alloc(LARGE, 7),
        Array.from({ length: 50_000 }, (_, i) => i),
      ],
    ]

    test('come back as from a Cache', async ({ store }) => {
      const disk = new Disk()
      for (const value of VALUES) {
        expect(await store.set('k', value)).toBe(true)
        const { mode, data } = disk.encodeValue(value)
        const kept = disk.decodeValue(mode, data)
        expect(await store.get('k')).toEqual(kept)
        expect(await store.getMany(['k'])).toEqual([kept])
        expect(await store.popEntry('k')).toEqual({ value: kept, expireTime: null, tags: [] })
      }
      expect(await store.check()).toEqual([])
    })

    test('a codec of the caller is used, for numbers, too', async ({ open }) => {
      const store = open({ disk: JSONDisk })
      await store.set('k', { a: [1] })
      expect(await store.get('k')).toEqual({ a: [1] })
      expect([await store.incr('n'), await store.incr('n', 2)]).toEqual([1, 3])
      await store.write('stream', partsOf('bytes'))
      expect(await store.get('stream')).toEqual(Buffer.from('bytes'))
      expect(await store.set('large', 'x'.repeat(LARGE))).toBe(true)
      expect(Buffer.concat(await (await store.read('large'))!.toArray()).length).toBe(LARGE)
    })
  })
})

describeRedis('RedisStore: large values', () => {
  const test = redisTest()

  describe('large values', () => {
    test('what is larger than maxValueSize is not stored', async ({ open }) => {
      const store = open({ maxValueSize: 10 })
      expect(await store.set('k', '€€€')).toBe(true)
      expect([await store.set('k', '€€€€'), await store.add('l', '€€€€')]).toEqual([false, false])
      for (const key of ['k', 'b', 's']) await store.set(key, 'old')
      expect(
        await store.setMany([
          ['a', 1],
          ['b', Buffer.alloc(11)],
        ]),
      ).toEqual([true, false])
      expect(await store.write('s', partsOf('123456', '78901'))).toBe(false)
      // Nobody gets what was to be replaced.
      expect(await store.getMany(['b', 's'])).toEqual([undefined, undefined])
      const update = store.update('k', () => ({ set: '€€€€' }))
      await expect(update).rejects.toMatchObject({ code: 'ERR_DISKCACHE_TOO_LARGE' })
      expect((await Array.fromAsync(store.keys())).toSorted()).toEqual(['a', 'k'])
      expect(await store.check()).toEqual([])
    })
  })
})

describeRedis('RedisStore: expiry', () => {
  const test = redisTest()

  describe('expiry', () => {
    test('is that of Redis, by its own clock', async ({ store, client, prefix }) => {
      const before = Date.now()
      await store.set('k', 1, { ttl: 60_000 })
      const { expireTime } = (await store.getEntry('k'))!
      expect(expireTime).toBeGreaterThanOrEqual(before + 60_000)
      expect(expireTime).toBeLessThanOrEqual(Date.now() + 60_000)
      expect(await client.pExpireTime(`${prefix}{sk}`)).toBe(expireTime)
    })

    test('what has expired is gone everywhere', async ({ store }) => {
      await store.setMany(
        [
          ['a', 1],
          ['b', 'x'.repeat(LARGE)],
        ],
        { ttl: 30, tag: 't' },
      )
      await store.incr('n', 1, { ttl: 30 })
      while ((await store.count()) > 0) await delay(5)
      expect(await store.getMany(['a', 'b', 'n'])).toEqual([undefined, undefined, undefined])
      expect([await store.evict('t'), await store.clear(), await store.expire()]).toEqual([0, 0, 0])
      expect([await store.add('a', 2), await store.incr('n')]).toEqual([true, 1])
    })

    test('ttl 0: set removes, add does nothing, update and touch remove', async ({ store }) => {
      await store.setMany(['a', 'b', 'c', 'd'].map((key) => [key, 1]))
      expect(await store.set('a', 2, { ttl: 0 })).toBe(true)
      expect(await store.add('x', 2, { ttl: 0 })).toBe(false)
      expect(await store.update('b', () => ({ set: 2, ttl: 0 }))).toBeUndefined()
      expect(await store.touch('c', { ttl: 0 })).toBe(true)
      expect(await store.setMany([['d', 2, { ttl: 0 }]])).toEqual([true])
      expect(await store.write('d', partsOf('x'.repeat(LARGE)), { ttl: 0 })).toBe(true)
      expect(await store.incr('n', 1, { ttl: 0 })).toBe(1)
      expect(await store.count()).toBe(0)
    })

    test('very long and very short ones are allowed', async ({ store }) => {
      await store.set('long', 1, { ttl: 1e300 })
      await store.set('short', 1, { ttl: 0.001 })
      expect((await store.getEntry('long'))?.expireTime).toBeGreaterThan(1e15)
    })

    test('update(), incr() and write() keep it, or not, as in a Cache', async ({ store }) => {
      await store.set('k', 1, { ttl: 60_000, tag: ['a', 2] })
      const { expireTime } = (await store.getEntry('k'))!
      expect(await store.update('k', () => ({ set: 2 }))).toEqual({ value: 2, expireTime, tags: ['a', 2] })
      await store.incr('k')
      expect(await store.getEntry('k')).toEqual({ value: 3, expireTime, tags: ['a', 2] })
      const changed = await store.update('k', () => ({ set: 'x'.repeat(LARGE), ttl: Infinity, tag: [] }))
      expect(changed).toMatchObject({ expireTime: null, tags: [] })
      expect(await store.touch('k', { ttl: 1e6 })).toBe(true)
      await store.set('k', 1)
      expect(await store.getEntry('k')).toEqual({ value: 1, expireTime: null, tags: [] })
    })
  })
})

describeRedis('RedisStore: tags and counters', () => {
  const test = redisTest()

  test('evict() takes entries with the very tag, among several', async ({ store }) => {
    const tags = ['1', 1, 1.5, Buffer.from('1'), '']
    await store.setMany(tags.map((tag, i) => [i, i, { tag: ['common', tag] }]))
    await store.set('large', Buffer.alloc(LARGE), { tag: ['common', 'large'] })
    for (const [i, tag] of tags.entries()) {
      expect((await store.getEntry(i))?.tags).toEqual(['common', tag])
      expect(await store.evict(tag)).toBe(1)
      expect(await store.has(i)).toBe(false)
    }
    expect([await store.evict('comm'), await store.evict('common')]).toEqual([0, 1])
  })

  describe('counters', () => {
    test('count exactly, up to the safe integers', async ({ store }) => {
      await store.set('n', Number.MAX_SAFE_INTEGER - 1)
      expect(await store.incr('n')).toBe(Number.MAX_SAFE_INTEGER)
      await expect(store.incr('n')).rejects.toThrow(RangeError)
      expect(await store.get('n')).toBe(Number.MAX_SAFE_INTEGER)
      expect(await store.decr('n', Number.MAX_SAFE_INTEGER)).toBe(0)
      await store.set('big', 2n ** 60n)
      await expect(store.incr('big')).rejects.toThrow(RangeError)
      expect([await store.incr('f', 0.5), await store.incr('f'), await store.incr('f', -1.5)]).toEqual([
        0.5, 1.5, 0,
      ])
    })

    test('refuse what is no number, and what is missing with initial null', async ({ store }) => {
      await store.set('text', 'text')
      await expect(store.incr('text')).rejects.toThrow(TypeError)
      await expect(store.incr('x', 1, { initial: null })).rejects.toMatchObject({
        code: 'ERR_DISKCACHE_KEY_MISSING',
        key: 'x',
      })
      await expect(store.incr('x', Number.NaN)).rejects.toThrow(RangeError)
      await expect(store.incr('x', 1, { unknown: 1 } as never)).rejects.toThrow(TypeError)
    })
  })
})

describeRedis('RedisStore: update()', () => {
  const test = redisTest()

  describe('update()', () => {
    test('loses nothing between stores', async ({ store, open }) => {
      const stores = [store, open(), open()]
      const add = (store: RedisStore) =>
        store.update('n', (entry) => ({ set: [...((entry?.value ?? []) as []), 1] }))
      await Promise.all(Array.from({ length: 60 }, (_, i) => add(stores[i % 3]!)))
      expect(await store.get('n')).toHaveLength(60)
    })

    test('sees the expiry that another store has set meanwhile', async ({ store, open, client, prefix }) => {
      let touched: Promise<unknown> | undefined
      const late = meddlingClient(client, async (args, send) => {
        if (args[1] === PUT.digest) touched ??= store.touch('k', { ttl: Infinity })
        await touched
        return send()
      })
      await store.set('k', 1, { ttl: 60_000 })
      const seen: unknown[] = []
      const changed = await open({ client: late }).update('k', (entry) => {
        seen.push(entry?.expireTime)
        return { set: Buffer.alloc(LARGE) }
      })
      expect([seen, changed?.expireTime]).toEqual([[expect.any(Number), null], null])
      const [chunks] = await client.keys(`${prefix}{*}:*`)
      expect(await client.pTTL(chunks as string)).toBe(-1)
    })

    test('tells the time of the server', async ({ store }) => {
      let told = 0
      const before = Date.now()
      await store.update('k', (_, now) => {
        told = now
        return { keep: true }
      })
      expect(told).toBeGreaterThanOrEqual(before - 1)
      expect(told).toBeLessThanOrEqual(Date.now() + 1)
    })

    test('refuses a callback that uses the store, or gives no change', async ({ store }) => {
      const misuse = (change: unknown) => store.update('k', change as never)
      await expect(misuse(async () => ({ keep: true }))).rejects.toThrow(TypeError)
      await expect(misuse(() => void store.keys())).rejects.toMatchObject({ code: 'ERR_DISKCACHE_REENTRANT' })
      for (const change of [undefined, {}, { set: 1, keep: true }, { set: 1, other: 1 }])
        await expect(misuse(() => change)).rejects.toThrow(TypeError)
      expect(await store.count()).toBe(0)
    })
  })
})

describeRedis('RedisStore: large values', () => {
  const test = redisTest()

  describe('large values', () => {
    test('of concurrent writers, one is there whole', async ({ store, open }) => {
      const stores = [store, open(), open()]
      const value = (i: number) => Buffer.alloc(LARGE, i)
      await Promise.all(Array.from({ length: 12 }, (_, i) => stores[i % 3]?.set('k', value(i))))
      const found = (await store.get('k')) as Buffer
      expect(found).toEqual(value(found[0] as number))
      expect(await store.check()).toEqual([])
    })

    test('a stream that was opened goes on when the value is replaced or deleted', async ({ store }) => {
      await store.write('k', partsOf(...Array.from({ length: 8 }, (_, i) => Buffer.alloc(100_000, i))))
      const streams = [await store.read('k'), await store.read('k')]
      await store.set('k', 'new')
      expect(await store.delete('k')).toBe(true)
      for (const stream of streams) expect(Buffer.concat(await stream!.toArray()).length).toBe(800_000)
    })

    test('a stream that is destroyed unread keeps nothing going', async ({ store }) => {
      await store.write('k', partsOf(Buffer.alloc(LARGE)))
      const started = vi.spyOn(globalThis, 'setInterval')
      const ended = vi.spyOn(globalThis, 'clearInterval')
      try {
        const stream = await store.read('k')
        stream?.destroy()
        await once(stream as Readable, 'close')
        const heartbeat =
          started.mock.results[started.mock.calls.findIndex(([, time]) => time === 20_000)]?.value
        expect(heartbeat).toBeDefined()
        await expect.poll(() => ended.mock.calls.flat(), { timeout: 20_000 }).toContain(heartbeat)
      } finally {
        started.mockRestore()
        ended.mockRestore()
      }
    })

    test('a source that fails, or is aborted, leaves what was there, and nothing else', async ({
      store,
      client,
      prefix,
    }) => {
      await store.set('k', 'old')
      async function* failing() {
        yield Buffer.alloc(LARGE)
        throw new Error('source failed')
      }
      await expect(store.write('k', failing())).rejects.toThrow('source failed')
      const controller = new AbortController()
      async function* silent() {
        yield Buffer.alloc(LARGE)
        setImmediate(() => controller.abort(new Error('aborted')))
        await new Promise(() => {})
      }
      await expect(store.write('k', silent(), { signal: controller.signal })).rejects.toThrow('aborted')
      await expect(store.write('k', [1] as never)).rejects.toThrow(TypeError)
      await expect(store.write('k', partsOf(1 as never))).rejects.toThrow(TypeError)
      expect(await store.get('k')).toBe('old')
      await store.close()
      await expect.poll(() => client.keys(`${prefix}{*`), { timeout: 20_000 }).toEqual([`${prefix}{sk}`])
    })
  })
})

describeRedis('RedisStore: chunks of large values', () => {
  const test = redisTest()

  describe('large values', () => {
    test('chunks live as long as their entry, and not much longer', async ({ store, client, prefix }) => {
      const chunks = async () => (await client.keys(`${prefix}{*}:*`)) as string[]
      await store.set('k', Buffer.alloc(LARGE))
      const [first] = await chunks()
      expect(await client.pTTL(first!)).toBe(-1)
      await store.touch('k', { ttl: 600_000 })
      expect(await client.pTTL(first!)).toBeGreaterThan(600_000)
      await store.touch('k', { ttl: Infinity })
      expect(await client.pTTL(first!)).toBe(-1)
      await store.set('k', 'small')
      await store.close()
      expect(await client.pTTL(first!)).toBeGreaterThan(0)
    })

    test('that are replaced again and again do not fill the server, and can be read meanwhile', async ({
      store,
      client,
      open,
    }) => {
      const value = (i: number) => Buffer.alloc(2 ** 20, i)
      const used = async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1])
      await store.set('k', value(0))
      const before = await used()
      const stream = await open().read('k')
      for (let i = 1; i <= 150; i++) {
        await store.set('k', value(i))
        if (i % 10 === 0) expect((await open().get('k')) as Buffer).toEqual(value(i))
      }
      await expect.poll(async () => (await used()) - before, { timeout: 20_000 }).toBeLessThan(64 * 2 ** 20)
      expect(Buffer.concat(await stream!.toArray())).toEqual(value(0))
    })

    test('an entry whose chunks Redis evicted is a miss, and is found by check()', async ({
      store,
      client,
      prefix,
    }) => {
      await store.setMany(['a', 'b', 'c'].map((key) => [key, Buffer.alloc(LARGE)]))
      await client.del((await client.keys(`${prefix}{*}:*`)) as string[])
      expect(await store.get('a')).toBeUndefined()
      expect(await store.has('a')).toBe(false)
      expect(await store.check()).toMatchObject([{ kind: 'missing-file' }, { kind: 'missing-file' }])
      expect(await store.check({ fix: true })).toHaveLength(2)
      expect([await store.check(), await store.count()]).toEqual([[], 0])
      await client.hSet(`${prefix}{sx}:0123456789abcdef`, '0', 'orphan')
      expect(await store.check({ fix: true })).toMatchObject([{ kind: 'orphan-file' }])
      expect(await store.check()).toEqual([])
    })
  })
})

describeRedis('RedisStore: the whole store', () => {
  const test = redisTest()

  test('waitFor() wakes those who wait for a key that another store writes, by whatever operation', async ({
    store,
    open,
  }) => {
    const other = open()
    const operations: (() => Promise<unknown>)[] = [
      () => other.set('k', 1),
      () => other.incr('k'),
      () => other.touch('k', { ttl: 1e6 }),
      () => other.update('k', () => ({ set: 2 })),
      () => other.pop('k'),
      () => other.setMany([['k', 1]]),
      () => other.deleteMany(['k']),
      () => other.write('k', partsOf('x')),
      () => other.clear(),
    ]
    for (const operate of operations) {
      const waiting = store.waitFor(['x', 'k'], { signal: AbortSignal.timeout(10_000) })
      await operate()
      await waiting
    }
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(store.waitFor(['k'], { signal })).rejects.toThrow('enough')
  })

  test('stats() adds up what all stores read', async ({ store, open }) => {
    const other = open()
    await Promise.all([store.stats({ enable: true }), other.stats({ enable: true })])
    await store.set('k', 1)
    await Promise.all([store.get('k'), other.getEntries(['k', 'x']), open().get('k')])
    await other.close()
    expect(await store.stats({ reset: true })).toEqual({ hits: 2, misses: 1, dropped: 0 })
    expect(await store.stats()).toEqual({ hits: 0, misses: 0, dropped: 0 })
  })

  test('many more keys than one page are counted, listed and removed', async ({ store }) => {
    const keys = Array.from({ length: 5_000 }, (_, i) => i)
    await store.setMany(keys.map((key) => [key, key, { tag: key % 2 ? 'odd' : 'even' }]))
    expect(await store.count()).toBe(5_000)
    expect(await store.getMany(keys)).toEqual(keys)
    expect(new Set(await Array.fromAsync(store.keys())).size).toBe(5_000)
    expect(await store.evict('odd')).toBe(2_500)
    expect((await store.deleteMany(keys)).filter(Boolean)).toHaveLength(2_500)
    expect(await store.volume()).toBe(0)
  })

  test('options that cannot be used are named', async ({ client }) => {
    const open = (options: unknown) => () => new RedisStore(options as never)
    expect(open({})).toThrow('one of client and url')
    expect(open({ client, url: 'redis://x' })).toThrow('one of client and url')
    expect(open({ client: {} })).toThrow('client')
    expect(open({ client: createClientPool() })).toThrow('client')
    expect(open({ client, prefix: 'a{b' })).toThrow('prefix')
    expect(open({ client, timeout: 0 })).toThrow('timeout')
    expect(open({ client, size: 1 })).toThrow('size')
    expect(open({ client, ttl: '1h' })).toThrow("ttl: expected a number or { min, max }, got '1h'")
    expect(open({ sentinel: null })).toThrow('sentinel: expected an object, got null')
    const store = new RedisStore({ client })
    expect(() => store.keys({ order: 'sorted' })).toThrow(RangeError)
    expect(() => store.keys({ reverse: true })).toThrow(RangeError)
    expect(() => store.keys({ prefix: '\ud83d' })).toThrow('prefix')
    await expect(store.clear({ prefix: '\ud83d' })).rejects.toThrow('prefix')
    await expect(store.set('k', 1, { ttl: -1 })).rejects.toThrow(RangeError)
    await expect(store.set('k', 1, { tag: {} as never })).rejects.toThrow(TypeError)
    await store.close()
  })
})

describeRedis('RedisStore: large values that are replaced', () => {
  const test = redisTest()

  test.for<[string, (store: RedisStore) => Promise<unknown>]>([
    ['set', (store) => store.set('large', 1)],
    ['several sets at once', (store) => Promise.all(['a', 'large', 'b'].map((key) => store.set(key, 1)))],
    ['setMany', (store) => store.setMany(['a', 'large', 'b'].map((key) => [key, 1]))],
    ['setMany, ttl', (store) => store.setMany([['large', 1]], { ttl: 60_000 })],
    ['setMany, one key twice', (store) => store.setMany(['large', 'large'].map((key) => [key, 1]))],
  ])('a large value leaves nothing behind that stays: %s', async ([, replace], { store, client, prefix }) => {
    await store.set('large', Buffer.alloc(LARGE))
    await replace(store)
    expect(await store.get('large')).toBe(1)
    expect(await store.check()).toEqual([])
    const [chunks] = await client.keys(`${prefix}{slarge}:*`)
    expect(await client.pTTL(chunks as string)).toBeGreaterThan(0)
  })

  test('of several values for one key, the last counts', async ({ store }) => {
    const entries = [1, 'x'.repeat(LARGE), 2].map((value): [string, unknown] => ['k', value])
    await store.setMany(entries)
    expect(await store.get('k')).toBe(2)
    await store.setMany(entries.slice(0, 2))
    expect(await store.get('k')).toBe('x'.repeat(LARGE))
  })
})
