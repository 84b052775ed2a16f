import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { describe, expect } from 'vitest'
import { UndiciCacheStore } from '../../src/undici/undici-cache-store.ts'
import { bodyOf, errorsDuring, headOf, KEY, keyOf, put } from './stored-response.ts'
import { type Engine, undiciTest } from './undici-test.ts'

/** What undici asks of a store, and what `UndiciCacheStore` promises beyond. */
export function cacheStoreSuite(engine: Engine): void {
  const test = testOf(engine)
  keepsResponses(engine, test)
  takesBodies(engine, test)
  refuses(engine, test)
}

function testOf(engine: Engine) {
  return undiciTest(engine)
}

type Test = ReturnType<typeof testOf>

function keepsResponses(engine: Engine, test: Test): void {
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
}

function takesBodies(engine: Engine, test: Test): void {
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
}

function refuses(engine: Engine, test: Test): void {
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
