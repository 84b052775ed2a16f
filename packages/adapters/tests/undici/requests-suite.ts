import { randomBytes } from 'node:crypto'
import { type Dispatcher, fetch, request } from 'undici'
import { describe, expect } from 'vitest'
import { Origin } from './origin.ts'
import { type Engine, undiciTest } from './undici-test.ts'

const SIZES = [0, 10, 65_536, 65_537, 300_000, 3_000_000]

/** Asks by `request`, and returns the status, the body, and whether it came from the cache. */
async function get(dispatcher: Dispatcher, url: string, headers: Record<string, string> = {}) {
  const response = await request(url, { dispatcher, headers })
  return { status: response.statusCode, text: await response.body.text(), isHit: 'age' in response.headers }
}

/** What undici's cache does with a store. */
export function requestsSuite(engine: Engine): void {
  const test = testOf(engine)
  answersRequests(engine, test)
  servesStale(engine, test)
  forgets(engine, test)
}

function testOf(engine: Engine) {
  return undiciTest(engine)
}

type Test = ReturnType<typeof testOf>

function answersRequests(engine: Engine, test: Test): void {
  describe(`UndiciCacheStore over ${engine.name}`, () => {
    test('a fresh response is not asked for again, by request() and by fetch()', async ({ dispatcher }) => {
      await using origin = await new Origin({
        '/page': (_, response, runs) =>
          response.setHeader('Cache-Control', 'max-age=60').setHeader('X-Of', ['a', 'b']).end(`page ${runs}`),
      }).listen()
      const url = origin.url('/page')
      expect(await get(dispatcher, url)).toEqual({ status: 200, text: 'page 1', isHit: false })
      expect(await get(dispatcher, url)).toEqual({ status: 200, text: 'page 1', isHit: true })
      const fetched = await fetch(url, { dispatcher })
      expect(await fetched.text()).toBe('page 1')
      expect(fetched.headers.get('x-of')).toBe('a, b')
      expect(await get(dispatcher, origin.url('/page?other'))).toMatchObject({ text: 'page 1', isHit: false })
    })

    test('responses of one URL are kept apart by Vary', async ({ dispatcher }) => {
      await using origin = await new Origin({
        '/page': ({ headers }, response) =>
          response
            .setHeader('Cache-Control', 'max-age=60')
            .setHeader('Vary', 'Accept-Language, X-Other')
            .end(`${headers['accept-language']}`),
      }).listen()
      const ask = (language: string) => get(dispatcher, origin.url('/page'), { 'Accept-Language': language })
      for (const isHit of [false, true])
        for (const text of ['en', 'de', 'fr']) expect(await ask(text)).toMatchObject({ text, isHit })
      expect(await get(dispatcher, origin.url('/page'))).toMatchObject({ text: 'undefined', isHit: false })
      expect(origin.runs['/page']).toBe(4)
    })

    test('a body of any size comes back whole', async ({ dispatcher }) => {
      const bodies = Object.fromEntries(SIZES.map((size) => [`/${size}`, randomBytes(size)]))
      await using origin = await new Origin(
        Object.fromEntries(
          Object.entries(bodies).map(([path, body]) => [
            path,
            (_, response) => response.setHeader('Cache-Control', 'max-age=60').end(body),
          ]),
        ),
      ).listen()
      for (const [path, body] of Object.entries(bodies)) {
        for (const isHit of [false, true]) {
          const response = await request(origin.url(path), { dispatcher })
          expect(Buffer.from(await response.body.arrayBuffer()).equals(body), path).toBe(true)
          expect('age' in response.headers, path).toBe(isHit)
        }
      }
    })
  })
}

function servesStale(engine: Engine, test: Test): void {
  describe(`UndiciCacheStore over ${engine.name}, stale responses`, () => {
    test.for([10, 100_000, 2_000_000])(
      'a stale response of %i bytes is revalidated',
      async (size, { dispatcher, advance }) => {
        const body = 'x'.repeat(size)
        await using origin = await new Origin({
          '/page': ({ headers }, response) => {
            response.setHeader('ETag', '"v1"').setHeader('Cache-Control', 'max-age=60')
            if (headers['if-none-match'] === '"v1"') response.writeHead(304).end()
            else response.end(body)
          },
        }).listen()
        const ask = () => get(dispatcher, origin.url('/page'))
        advance(0)
        expect((await ask()).text).toBe(body)
        advance(61_000)
        // undici removes what it then goes on to read.
        expect(await ask()).toEqual({ status: 200, text: body, isHit: true })
        expect(origin.runs['/page']).toBe(2)
        expect(await ask()).toEqual({ status: 200, text: body, isHit: false })
      },
    )

    test.for([10, 100_000, 2_000_000])(
      'a stale response of %i bytes is served while it is revalidated',
      async (size, { dispatcher, advance }) => {
        const body = 'x'.repeat(size)
        await using origin = await new Origin({
          '/page': ({ headers }, response) => {
            response
              .setHeader('ETag', '"v1"')
              .setHeader('Cache-Control', 'max-age=60, stale-while-revalidate=600')
            if (headers['if-none-match'] === '"v1"') response.writeHead(304).end()
            else response.end(body)
          },
        }).listen()
        const response = () => request(origin.url('/page'), { dispatcher })
        advance(0)
        await (await response()).body.text()
        advance(61_000)
        const stale = await response()
        expect(await stale.body.text()).toBe(body)
        expect(stale.headers).toMatchObject({ warning: '110 - "response is stale"' })
        await expect.poll(() => origin.runs['/page'], { timeout: 20_000 }).toBe(2)
        const renewed = async () => {
          const { headers, body: content } = await response()
          return [headers.warning, headers.age, (await content.text()) === body]
        }
        await expect.poll(renewed, { timeout: 20_000 }).toEqual([undefined, '0', true])
      },
    )
  })
}

function forgets(engine: Engine, test: Test): void {
  describe(`UndiciCacheStore over ${engine.name}, what is gone`, () => {
    test('a request that changes something removes all responses of its URL', async ({
      dispatcher,
      store,
    }) => {
      await using origin = await new Origin({
        '/page': (incoming, response, runs) => {
          if (incoming.method === 'POST') return response.writeHead(204).end()
          const length = Number(incoming.headers['x-length'])
          response
            .writeHead(200, { 'Cache-Control': 'max-age=60', Vary: 'X-Length' })
            .end(`${runs}`.repeat(length))
        },
      }).listen()
      const url = origin.url('/page')
      for (const length of ['1', '100000']) await get(dispatcher, url, { 'X-Length': length })
      await expect.poll(() => store.count(), { timeout: 20_000 }).toBe(2)
      await (await request(url, { dispatcher, method: 'POST' })).body.dump()
      expect(await get(dispatcher, url, { 'X-Length': '1' })).toMatchObject({ text: '4', isHit: false })
      await expect.poll(() => store.count(), { timeout: 20_000 }).toBe(1)
    })

    test.for([1_000, 200_000])(
      'a body that is broken off after %i bytes leaves nothing',
      async (size, { dispatcher, store, cache }) => {
        await using origin = await new Origin({
          '/page': (_, response) => {
            response.writeHead(200, { 'Cache-Control': 'max-age=60', 'Content-Length': 400_000 })
            response.write('x'.repeat(size), () => setImmediate(() => response.destroy()))
          },
        }).listen()
        const { body } = await request(origin.url('/page'), { dispatcher })
        await expect(body.text()).rejects.toThrow()
        await cache.close()
        expect(await store.count()).toBe(0)
      },
    )
  })
}
