import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { expect } from 'vitest'
import { RedisStore } from '../../src/index.ts'
import { describeRedis } from '../servers/describe-redis.ts'
import type { connectClient } from '../servers/redis-server.ts'
import { redisTest } from '../servers/redis-test.ts'
import { hitsOf, MEMORY, NEVER, remember } from './remember.ts'

const LARGE = 'x'.repeat(100_000)

/** The server's time, in epoch milliseconds. */
async function timeOf(client: Awaited<ReturnType<typeof connectClient>>): Promise<number> {
  const [seconds, microseconds] = (await client.sendCommand(['TIME'])) as unknown as string[]
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000)
}

async function* chunks() {
  yield 'new'
}

const WRITES: Record<string, (store: RedisStore) => unknown> = {
  set: (store) => store.set('key', 'new'),
  'set of what expires at once': (store) => store.set('key', 'new', { ttl: 0 }),
  'set of a large value': (store) => store.set('key', LARGE),
  setMany: (store) => store.setMany([['key', 'new']]),
  update: (store) => store.update('key', () => ({ set: 'new' })),
  'update that removes': (store) => store.update('key', () => ({ delete: true })),
  'touch that removes': (store) => store.touch('key', { ttl: 0 }),
  delete: (store) => store.delete('key'),
  deleteMany: (store) => store.deleteMany(['key']),
  popEntry: (store) => store.popEntry('key'),
  evict: (store) => store.evict('tag'),
  clear: (store) => store.clear(),
  'clear by a prefix': (store) => store.clear({ prefix: 'k' }),
  write: (store) => store.write('key', chunks()),
}

describeRedis('RedisStore with memory', () => {
  const test = redisTest()

  for (const [name, write] of Object.entries(WRITES)) {
    test(`${name} is seen at once by the store that did it, and soon by others`, async ({ open }) => {
      const [store, other, plain] = [open({ memory: MEMORY }), open({ memory: MEMORY }), open()]
      await store.set('key', 'old', { tag: 'tag' })
      expect([await remember(store, 'key'), await remember(other, 'key')]).toEqual(['old', 'old'])
      const written = write(store)
      const issued = store.get('key')
      // A stream has its turn when it has been read.
      if (name !== 'write') expect(await store.get('key', { stale: true })).not.toBe('old')
      await written
      expect(await store.get('key', { stale: true })).not.toBe('old')
      const expected = await plain.get('key')
      expect(expected).not.toBe('old')
      expect(await store.get('key')).toEqual(expected)
      if (name !== 'write') expect(await issued).toEqual(expected)
      await expect.poll(() => other.get('key')).toEqual(expected)
      if (expected !== undefined) expect(await remember(store, 'key')).toEqual(expected)
    })
  }

  test('counters are seen at once', async ({ open }) => {
    const store = open({ memory: MEMORY })
    for (let i = 1; i < 20; i++) {
      await store.incr('counter')
      expect([await store.get('counter'), await store.get('counter')]).toEqual([i, i])
    }
  })

  test('fresh reads, and those after waitFor, read what is stored', async ({ open }) => {
    const [store, other] = [open({ memory: MEMORY }), open()]
    await store.set('key', 0)
    for (let i = 1; i <= 50; i++) {
      await remember(store, 'key')
      const waiting = store.waitFor(['key'], { signal: AbortSignal.timeout(20_000) })
      await other.set('key', i)
      if (i % 2 === 0) await waiting
      else expect((await store.getEntry('key', { fresh: true }))?.value).toBe(i)
      expect(await store.get('key', { fresh: i % 2 !== 0 })).toBe(i)
      await waiting
    }
  })
})

describeRedis('RedisStore with memory, reads', () => {
  const test = redisTest()

  test('nothing is read from memory with staleness 0, and what did not change is not decoded again', async ({
    open,
  }) => {
    const [store, other] = [open({ memory: { ...MEMORY, staleness: 0, share: 'frozen' } }), open()]
    await other.set('key', { list: [1] })
    const isShared = async () => {
      const first = await store.get('key')
      return (await store.get('key')) === first
    }
    await expect.poll(isShared).toBe(true)
    for (let i = 0; i < 20; i++) {
      await other.set('key', { list: [i] })
      expect(await store.get('key')).toEqual({ list: [i] })
    }
    const memory = (await store.stats()).memory
    expect(memory?.hits).toBe(0)
    expect(memory?.verified).toBeGreaterThan(0)
  })

  test('getEntry answers from memory when it knows the expiry', async ({ open }) => {
    const [store, plain] = [open({ memory: MEMORY }), open()]
    await plain.set('expiring', 'a', { ttl: 1e6, tag: ['x', 'y'] })
    await plain.set('lasting', 'b', { tag: 'z' })
    for (const key of ['expiring', 'lasting']) {
      const expected = await plain.getEntry(key)
      expect(await store.getEntry(key)).toEqual(expected)
      await remember(store, key)
      const before = await hitsOf(store)
      expect(await store.getEntry(key)).toEqual(expected)
      expect(await hitsOf(store)).toBeGreaterThan(before)
    }
  })

  test('statistics and their reset count what memory answered, too', async ({ open }) => {
    const store = open({ memory: MEMORY })
    await store.set('key', 1)
    await remember(store, 'key')
    await store.stats({ enable: true, reset: true })
    for (let i = 0; i < 5; i++) await store.get('key')
    expect(await store.stats({ reset: true })).toMatchObject({ hits: 5, misses: 0, memory: { hits: 5 } })
    expect((await store.stats()).memory).toMatchObject({ hits: 0, verified: 0, misses: 0, entries: 1 })
  })
})

describeRedis('RedisStore with memory, expiry', () => {
  const test = redisTest({ settings: { 'enable-debug-command': 'yes' } })

  test('is not outlived, although Redis has not told of it', async ({ open, client }) => {
    const [store, plain] = [open({ memory: MEMORY }), open()]
    // So that nobody finds out that an entry has expired, and tells, but those who read it.
    await client.sendCommand(['DEBUG', 'SET-ACTIVE-EXPIRE', '0'])
    const keys = Array.from({ length: 20 }, (_, i) => `key ${i}`)
    for (const [i, key] of keys.entries()) await plain.set(key, i, { ttl: 400 + 10 * i })
    const ends = (await plain.getEntries(keys)).map((entry) => entry?.expireTime as number)
    for (let i = 0; i < 4; i++) await Promise.all(keys.map((key) => store.get(key)))
    expect(await hitsOf(store)).toBeGreaterThan(0)
    for (const [i, key] of keys.entries()) {
      while ((await timeOf(client)) <= (ends[i] as number))
        expect([i, undefined]).toContain(await store.get(key))
      expect(await store.get(key)).toBe(undefined)
    }
    await client.sendCommand(['DEBUG', 'SET-ACTIVE-EXPIRE', '1'])
  })

  test('that others put off or off altogether counts', async ({ open }) => {
    const [store, plain] = [open({ memory: MEMORY }), open()]
    await plain.set('key', 1, { ttl: 5_000 })
    await remember(store, 'key')
    await plain.touch('key', { ttl: Infinity })
    await expect.poll(async () => (await store.getEntry('key'))?.expireTime).toBe(null)
  })
})

describeRedis('RedisStore with memory, values', () => {
  const test = redisTest()

  test('are each reader’s own', async ({ open }) => {
    const store = open({ memory: MEMORY })
    const value = { list: [1], bytes: Buffer.from('abc'), at: new Date(0) }
    await store.setMany([
      ['object', value],
      ['bytes', Buffer.from('abc')],
    ])
    for (let i = 0; i < 5; i++) {
      const own = (await remember(store, 'object')) as typeof value
      expect(own).toEqual(value)
      own.list.push(2)
      own.bytes.fill(0)
      own.at.setTime(1)
      const bytes = (await remember(store, 'bytes')) as Buffer
      expect(bytes.toString()).toBe('abc')
      bytes.fill(0)
    }
  })

  test('of every kind and size come back as they are', async ({ open }) => {
    const store = open({ memory: MEMORY })
    const values = [
      undefined,
      null,
      1,
      1.5,
      2n ** 60n,
      'text €',
      '',
      true,
      [],
      { a: [1] },
      LARGE,
      Buffer.alloc(80_000, 1),
    ]
    await store.setMany(values.map((value, i) => [i, value]))
    for (const [i, value] of values.entries()) expect(await remember(store, i)).toEqual(value)
  })

  test('are shared when they are frozen', async ({ open }) => {
    const store = open({ memory: { ...MEMORY, share: 'frozen' } })
    await store.set('key', { list: [{ id: 1 }] })
    const first = (await remember(store, 'key')) as { list: { id: number }[] }
    expect(await store.get('key')).toBe(first)
    expect((await store.getEntry('key'))?.value).toBe(first)
    expect(() => first.list.push({ id: 2 })).toThrow(TypeError)
  })

  test('take no more than maxBytes', async ({ open }) => {
    const [store, plain] = [open({ memory: { ...MEMORY, maxBytes: 100_000 } }), open()]
    const keys = Array.from({ length: 300 }, (_, i) => `key ${i}`)
    await plain.setMany(keys.map((key) => [key, 'x'.repeat(1_000)]))
    await plain.set('too large', 'x'.repeat(13_000))
    for (const key of [...keys, 'too large', 'too large']) await store.get(key)
    const { bytes = 0, entries } = (await store.stats()).memory ?? {}
    expect(bytes).toBeGreaterThan(80_000)
    expect(bytes).toBeLessThanOrEqual(100_000)
    expect(entries).toBeLessThan(100)
  })
})

describeRedis('RedisStore with memory, its connection', () => {
  const test = redisTest()

  test.for([
    ['a client by RESP 2', (url: string) => createClient({ url, RESP: 2 })],
    ['a client by RESP 3', (url: string) => createClient({ url, RESP: 3, clientSideCache: {} })],
    ['ioredis', (url: string) => new Redis(url, { lazyConnect: true })],
  ] as const)('is made like that of %s', async ([, connect], { server, prefix, open }) => {
    const client = connect(server.url)
    await client.connect()
    await using store = new RedisStore({ client: client as never, prefix, memory: MEMORY })
    const other = open()
    await other.set('key', 1)
    expect(await remember(store, 'key')).toBe(1)
    await other.set('key', 2)
    await expect.poll(() => store.get('key')).toBe(2)
    await store.close()
    if (client instanceof Redis) client.disconnect()
    else client.destroy()
  })

  test('is told of changes under the prefix alone', async ({ open, client, prefix }) => {
    const store = open({ memory: MEMORY })
    await store.set('key', 1)
    await remember(store, 'key')
    const tracked = String(await client.sendCommand(['CLIENT', 'LIST']))
    expect(tracked).toMatch(/ flags=\S*B/)
    await client.set(`${prefix}{skey}x`, 'none of an entry')
    await client.set(`other ${prefix}{skey}`, 'of another store')
    expect(await store.get('key')).toBe(1)
    await client.sendCommand(['FLUSHALL'])
    await expect.poll(() => store.get('key')).toBe(undefined)
  })

  test('fails with the reason where a user may not be told', async ({ server, client, prefix }) => {
    await client.sendCommand([
      'ACL',
      'SETUSER',
      'blind',
      'on',
      '>secret',
      '~*',
      '&*',
      '+@all',
      '-client|tracking',
    ])
    const url = server.url.replace('redis://', 'redis://blind:secret@')
    await using store = new RedisStore({ url, prefix, memory: MEMORY })
    await expect(store.get('key')).rejects.toMatchObject({
      code: 'ERR_DISKCACHE_ENGINE',
      message: expect.stringContaining('client|tracking'),
    })
    await client.sendCommand(['ACL', 'DELUSER', 'blind'])
  })

  test('options that are illegal are named', ({ server }) => {
    const openWith = (memory: unknown) => () => new RedisStore({ url: server.url, memory } as never)
    expect(openWith({})).toThrow('memory.maxBytes')
    expect(openWith({ maxBytes: 1e6, staleness: -1 })).toThrow('memory.staleness')
    expect(openWith({ maxBytes: 1e6, share: 'all' })).toThrow('memory.share')
    expect(openWith({ maxBytes: 1e6, ttl: NEVER })).toThrow("unknown option 'ttl'")
  })
})
