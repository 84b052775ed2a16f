import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { directoryTest } from '@diskcache/testkit'
import { Faults, MemoryStore } from '@diskcache/testkit/memory'
import { Agent, interceptors, request } from 'undici'
import { describe, expect } from 'vitest'
import { Origin } from '../../tests/undici/origin.ts'
import { CACHE, ENGINES, undiciTest } from '../../tests/undici/undici-test.ts'
import { UndiciCacheStore } from './undici-cache-store.ts'
import type { CacheKey, CacheValue } from './undici-types.ts'

const KEY: CacheKey = { origin: 'http://localhost', method: 'GET', path: '/', headers: {} }

function keyOf(path: string, headers: Record<string, string | string[]> = {}): CacheKey {
  return { ...KEY, path, headers }
}

function headOf(fields: Partial<CacheValue> = {}): CacheValue {
  const now = Date.now()
  const times = { cachedAt: now, staleAt: now + 60_000, deleteAt: now + 120_000 }
  return { statusCode: 200, statusMessage: 'OK', headers: {}, ...times, ...fields }
}

async function put(cache: UndiciCacheStore, key: CacheKey, body: string, fields?: Partial<CacheValue>) {
  const writer = cache.createWriteStream(key, headOf(fields))
  writer?.end(body)
  if (writer !== undefined) await once(writer, 'close')
}

async function bodyOf(cache: UndiciCacheStore, key: CacheKey): Promise<string | undefined> {
  const result = await cache.get(key)
  return result && String(await buffer(result.body as AsyncIterable<Buffer>))
}

/** Calls `body`, and returns what the channel of errors was told meanwhile. */
async function errorsDuring(body: () => Promise<void>): Promise<unknown[]> {
  const told: unknown[] = []
  const listener = (message: unknown) => told.push((message as { error: unknown }).error)
  subscribe('diskcache:error', listener)
  await body()
  unsubscribe('diskcache:error', listener)
  return told
}

for (const engine of ENGINES) {
  const test = undiciTest(engine)

  describe(`UndiciCacheStore over ${engine.name}`, () => {
    test('get() gives back the head as it was, and the body', async ({ cache }) => {
      const value = headOf({
        statusCode: 203,
        headers: { 'content-type': 'text/plain', 'x-many': ['a', 'b'] },
        vary: { accept: 'text/plain', 'x-none': null, 'x-list': ['a', 'b'] },
        etag: '"a"',
        cacheControlDirectives: { 'max-age': 60, 'no-cache': ['x'] },
      })
      const key = keyOf('/', { accept: 'text/plain', 'x-list': ['a', 'b'] })
      await put(cache, key, 'text', value)
      expect(await cache.get(key)).toEqual({ ...value, body: [Buffer.from('text')] })
      for (const headers of [{ accept: 'text/plain' }, { ...key.headers, 'x-none': '1' }, { accept: 'b' }])
        expect(await cache.get({ ...key, headers })).toBeUndefined()
      for (const other of [{ method: 'HEAD' }, { path: '/b' }, { origin: 'http://b' }])
        expect(await cache.get({ ...key, ...other })).toBeUndefined()
    })

    test('of more than ten responses of a URL the oldest go, with their bodies', async ({ cache, store }) => {
      const keys = Array.from({ length: 13 }, (_, i) => keyOf('/', { accept: `${i}` }))
      for (const [i, key] of keys.entries())
        await put(cache, key, `${i} `.repeat(40_000), { vary: { accept: `${i}` } })
      const found = await Promise.all(keys.map(async (key) => (await bodyOf(cache, key))?.split(' ')[0]))
      expect(found).toEqual(
        [undefined, undefined, undefined, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((i) => i && `${i}`),
      )
      expect(await store.count()).toBe(11)
    })

    test('a response takes the place of those that answer the same request', async ({ cache, store }) => {
      await put(cache, keyOf('/', { accept: 'a' }), 'a'.repeat(100_000), { vary: { accept: 'a' } })
      await put(cache, keyOf('/', { accept: 'b' }), 'b'.repeat(100_000), { vary: { accept: 'b' } })
      await put(cache, keyOf('/', { accept: 'a' }), 'c'.repeat(100_000), { vary: { accept: 'a' } })
      expect((await bodyOf(cache, keyOf('/', { accept: 'a' })))?.[0]).toBe('c')
      expect((await bodyOf(cache, keyOf('/', { accept: 'b' })))?.[0]).toBe('b')
      expect(await store.count()).toBe(3)
    })

    test('responses end with their time, and rows with the last of them', async ({
      cache,
      store,
      advance,
    }) => {
      advance(0)
      const deleteAt = Date.now() + 1_000
      await put(cache, keyOf('/', { accept: 'a' }), 'a', { vary: { accept: 'a' }, deleteAt })
      await put(cache, KEY, 'b', { vary: { accept: null } })
      expect(cache.createWriteStream(KEY, headOf({ deleteAt: Date.now() }))).toBeUndefined()
      advance(1_000)
      expect(await cache.get(keyOf('/', { accept: 'a' }))).toBeUndefined()
      expect(await bodyOf(cache, KEY)).toBe('b')
      advance(119_000)
      expect(await cache.get(KEY)).toBeUndefined()
      await store.expire()
      expect(await store.count()).toBe(0)
    })
  })

  describe(`UndiciCacheStore over ${engine.name}, while bodies come`, () => {
    test('a response is there once its body has ended, and not before', async ({ cache }) => {
      const writer = cache.createWriteStream(KEY, headOf())!
      writer.write('x'.repeat(100_000))
      expect(await cache.get(KEY)).toBeUndefined()
      writer.end('y')
      expect(await bodyOf(cache, KEY)).toHaveLength(100_001)
    })

    test('of concurrent writers one whole response stays', async ({ cache, store }) => {
      const bodies = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100_000))
      const writers = bodies.map(() => cache.createWriteStream(KEY, headOf())!)
      for (const [i, writer] of writers.entries()) writer.write(bodies[i]!.slice(0, 70_000))
      for (const [i, writer] of writers.entries()) writer.end(bodies[i]!.slice(70_000))
      expect(bodies).toContain(await bodyOf(cache, KEY))
      expect(await store.count()).toBe(2)
    })

    test('delete() removes what is stored, what is being stored, and what is still to come', async ({
      cache,
      store,
    }) => {
      for (const method of ['GET', 'HEAD']) await put(cache, { ...KEY, method }, 'x'.repeat(100_000))
      const [ended, open] = [0, 1].map(() => cache.createWriteStream(KEY, headOf())!)
      open!.write('y'.repeat(100_000))
      ended!.end('z'.repeat(100_000))
      const removals = Promise.all([cache.delete(KEY), cache.delete({ ...KEY, method: 'HEAD' })])
      expect(await cache.get(KEY)).toBeUndefined()
      await removals
      expect(open!.destroyed).toBe(true)
      expect(await store.count()).toBe(0)
    })

    test('a body is read to its end that is removed meanwhile', async ({ cache, store }) => {
      await put(cache, KEY, 'x'.repeat(3_000_000))
      const { body } = (await cache.get(KEY))!
      await cache.delete(KEY)
      expect(await buffer(body as AsyncIterable<Buffer>)).toHaveLength(3_000_000)
      await expect.poll(() => store.count(), { timeout: 20_000 }).toBe(0)
    })
  })

  describe(`UndiciCacheStore over ${engine.name}, what is not stored`, () => {
    test('maxEntrySize: what is larger is dropped without an error, and what was there stays', async ({
      store,
    }) => {
      await using cache = new UndiciCacheStore(store, { maxEntrySize: 100_000 })
      await put(cache, KEY, 'old')
      await put(cache, KEY, 'x'.repeat(100_001))
      expect(await bodyOf(cache, KEY)).toBe('old')
      await put(cache, KEY, 'x'.repeat(100_000))
      expect(await bodyOf(cache, KEY)).toHaveLength(100_000)
    })

    test('what is destroyed with an error emits none, and leaves nothing', async ({ cache, store }) => {
      for (const size of [10, 100_000]) {
        const writer = cache.createWriteStream(KEY, headOf())!
        const closed = once(writer, 'close')
        writer.write('x'.repeat(size))
        writer.destroy(new Error('broken off'))
        await closed
      }
      await cache.close()
      expect(await store.count()).toBe(0)
    })

    test('a row that is none, or has lost its body, is a miss', async ({ cache, store }) => {
      await put(cache, KEY, 'x'.repeat(100_000))
      const keys = await Array.fromAsync(store.keys())
      await store.delete(keys.find((key) => String(key).startsWith('undici::body:'))!)
      expect(await cache.get(KEY)).toBeUndefined()
      const row = 'undici::url:http://localhost /'
      await put(cache, KEY, 'text')
      expect(await bodyOf(cache, KEY)).toBe('text')
      const stored = (await store.get(row)) as { format: number; responses: object[] }
      const wrong = [
        { headers: { a: 1 } },
        { statusCode: '200' },
        { deleteAt: NaN },
        { bodyId: 7 },
        { vary: 'a' },
      ]
      const rows = wrong.map((fields) => ({ ...stored, responses: [{ ...stored.responses[0], ...fields }] }))
      for (const value of [
        1,
        null,
        { format: 2 },
        { format: 1 },
        { format: 1, responses: [null] },
        ...rows,
      ]) {
        await store.set(row, value)
        expect(await errorsDuring(async () => expect(await cache.get(KEY)).toBeUndefined())).toEqual([])
      }
      await cache.delete(KEY)
      expect(await store.count()).toBe(0)
    })
  })
}

const test = undiciTest(CACHE)

test('UndiciCacheStore: names keep caches of one store apart', async ({ store }) => {
  const [one, other] = ['one', 'other'].map((name) => new UndiciCacheStore(store, { name }))
  await put(one!, KEY, 'one')
  expect(await bodyOf(one!, KEY)).toBe('one')
  expect(await other!.get(KEY)).toBeUndefined()
})

test('UndiciCacheStore refuses options that are none', ({ store, directory }) => {
  const open = (options: object) => () => new UndiciCacheStore(store, options)
  expect(open({ name: 'a:b' })).toThrow(
    "Cannot use name: expected letters, digits, '_', '.' and '-', got 'a:b'",
  )
  expect(open({ name: 7 })).toThrow('Cannot use name: expected a string')
  expect(open({ maxEntrySize: -1 })).toThrow('Cannot use maxEntrySize: expected an integer of at least 0')
  expect(open({ storeTimeout: 0 })).toThrow('storeTimeout')
  expect(open({ sizeLimit: 1 })).toThrow("unknown option 'sizeLimit'")
  expect(() => new UndiciCacheStore(`${directory}/b`, { size: 1 } as object)).toThrow("unknown option 'size'")
  expect(() => new UndiciCacheStore(7 as never)).toThrow('expected a directory, a Store or an AsyncStore')
})

test('UndiciCacheStore: a URL that cannot be a key is not stored', async ({ cache }) => {
  const key = keyOf('/\ud800')
  expect(cache.createWriteStream(key, headOf())).toBeUndefined()
  expect(await cache.get(key)).toBeUndefined()
  await cache.delete(key)
})

directoryTest('close() waits for what is being stored, and closes what was opened', async ({ directory }) => {
  const cache = new UndiciCacheStore(directory, { sizeLimit: 10_000_000 })
  const [ended, open] = ['/ended', '/open'].map((path) => cache.createWriteStream(keyOf(path), headOf())!)
  open!.write('x')
  ended!.end('x'.repeat(200_000))
  await cache.close()
  await cache.close()
  expect(await cache.get(keyOf('/ended'))).toBeUndefined()
  expect(cache.createWriteStream(KEY, headOf())).toBeUndefined()
  await cache.delete(KEY)
  using store = new Cache(directory)
  expect(store.settings.sizeLimit).toBe(10_000_000)
  await using again = new UndiciCacheStore(store)
  expect(await bodyOf(again, keyOf('/ended'))).toHaveLength(200_000)
  expect(await again.get(keyOf('/open'))).toBeUndefined()
})

test('UndiciCacheStore: a store that fails costs no request, and the channel is told', async () => {
  await using origin = await new Origin({
    '/page': (incoming, response) =>
      response
        .setHeader('Cache-Control', 'max-age=60')
        .end(incoming.method === 'GET' ? 'x'.repeat(Number(incoming.headers['x-length'])) : ''),
  }).listen()
  const told = await errorsDuring(async () => {
    for (const seed of [1, 2, 3, 4]) {
      const store: AsyncStore = new Faults({ seed, perMille: 500 }).in(new MemoryStore())
      const cache = new UndiciCacheStore(store)
      const agent = new Agent()
      const dispatcher = agent.compose(interceptors.cache({ store: cache }))
      for (const length of [10, 100_000]) {
        for (let i = 0; i < 5; i++) {
          const { statusCode, body } = await request(origin.url('/page'), {
            dispatcher,
            headers: { 'X-Length': `${length}` },
          })
          expect([statusCode, (await body.text()).length]).toEqual([200, expect.any(Number)])
        }
        const { statusCode, body } = await request(origin.url('/page'), { dispatcher, method: 'POST' })
        await body.dump()
        expect(statusCode).toBe(200)
      }
      await cache.close()
      await agent.destroy()
    }
  })
  expect(told.map(String)).toContain('Error: Injected fault: nothing was done')
})

/** Asks `/large` of a server, with a cache on a store. */
async function askLarge(store: AsyncStore, options = {}): Promise<number> {
  await using origin = await new Origin({
    '/large': (_, response) => response.setHeader('Cache-Control', 'max-age=60').end('x'.repeat(8_000_000)),
  }).listen()
  const cache = new UndiciCacheStore(store, options)
  const agent = new Agent()
  const dispatcher = agent.compose(interceptors.cache({ store: cache }))
  const { body } = await request(origin.url('/large'), { dispatcher })
  const { length } = await body.text()
  await cache.close()
  await agent.destroy()
  return length
}

directoryTest('UndiciCacheStore: a store that is closed costs no request', async ({ directory }) => {
  const store = new Cache(directory).promises
  await store.close()
  const told = await errorsDuring(async () => expect(await askLarge(store)).toBe(8_000_000))
  expect(told).not.toEqual([])
})

directoryTest.for([['write'], ['write', 'get']])(
  'UndiciCacheStore: a store whose %o stands still costs no request',
  async (names, { directory }) => {
    await using store = new Cache(directory).promises
    const hung = names.reduce<AsyncStore>(
      (inner, name) => replaced(inner, name, () => new Promise(() => {})),
      store,
    )
    expect(await askLarge(hung, { storeTimeout: 50 })).toBe(8_000_000)
  },
)

test.for(['set', 'update'] as const)('delete() removes what is in the midst of %s()', async (name) => {
  const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const store = new MemoryStore()
  const gated = replaced(store, name, async (operation) => {
    reached.resolve()
    await opened.promise
    return operation()
  })
  let updates = 0
  const counted = replaced(gated, 'update', async (operation) => {
    updates++
    return operation()
  })
  const cache = new UndiciCacheStore(counted, { storeTimeout: 10_000 })
  cache.createWriteStream(KEY, headOf())!.end('x'.repeat(100_000))
  await reached.promise
  const removal = cache.delete(KEY)
  // Time for what does not wait.
  for (let turns = 0; turns < 10; turns++) await new Promise(setImmediate)
  opened.resolve()
  await removal
  expect(await cache.get(KEY)).toBeUndefined()
  expect(await store.count()).toBe(0)
  expect(updates).toBe(name === 'update' ? 1 : 0)
})

test('UndiciCacheStore: nothing is left of a body whose head cannot be stored', async () => {
  const store = new MemoryStore()
  const failing = replaced(store, 'update', async () => Promise.reject(new Error('no update')))
  const cache = new UndiciCacheStore(failing)
  const told = await errorsDuring(() => put(cache, KEY, 'x'.repeat(100_000)))
  expect(told.map(String)).toContain('Error: no update')
  expect(await store.count()).toBe(0)
})

/** Returns the same store, of which one member does something else. */
function replaced(
  store: AsyncStore,
  replacedName: string,
  instead: (operation: () => unknown) => Promise<unknown>,
): AsyncStore {
  return new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      if (name !== replacedName) return member.bind(target)
      return (...args: unknown[]) => instead(() => Reflect.apply(member, target, args))
    },
  })
}
