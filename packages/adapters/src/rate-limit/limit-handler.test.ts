import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { MemoryStore } from '@diskcache/testkit/memory'
import { Hono } from 'hono'
import { describe, expect } from 'vitest'
import { failingStore } from '../../tests/nest/failing-store.ts'
import { CACHE, ENGINES, limitTest } from '../../tests/rate-limit/limit-test.ts'
import { limitHandler } from './limit-handler.ts'

const key = (request: Request) => request.headers.get('X-Client') ?? undefined
const HOURLY = { name: 'api', count: 1, per: 3_600_000, key }
const URL = 'https://shop.example/'

for (const engine of ENGINES) {
  const test = limitTest(engine)

  describe(`limitHandler() over ${engine.name}`, () => {
    test('limitHandler().wrap() hands on what the handler is given, until there is no token', async ({
      store,
      advance,
    }) => {
      advance(0)
      const limit = limitHandler(store, HOURLY)
      const handle = limit.wrap((request, status: number) => new Response(request.method, { status }))
      const ask = async (client?: string) => headOf(await handle(requestOf(client), 201))
      const policy = '"api";q=1;w=3600'
      expect(await ask('ada')).toEqual([201, policy, '"api";r=0;t=3600', null, 'GET'])
      const refused = [429, policy, '"api";r=0;t=3600', '3600', 'Too many requests\n']
      expect(await ask('ada')).toEqual(refused)
      expect((await ask('grace'))[0]).toBe(201)
      for (let i = 0; i < 2; i++) expect(await ask()).toEqual([201, null, null, null, 'GET'])
    })
  })
}

const test = limitTest(CACHE)

test('limitHandler() adds its fields to a response whose own cannot be changed', async ({ store }) => {
  const limit = limitHandler(store, { ...HOURLY, count: 2 })
  const redirect = await limit.wrap(() => Response.redirect('https://shop.example/next', 302))(
    requestOf('ada'),
  )
  expect([redirect.status, redirect.headers.get('Location')]).toEqual([302, 'https://shop.example/next'])
  expect(redirect.headers.get('RateLimit')).toMatch(/^"api";r=1;t=\d+$/)
})

test('limitHandler() answers by refuse, and rejects with what handlers and key throw', async ({ store }) => {
  const refuse = (request: Request, status: number) => Response.json({ url: request.url }, { status })
  const limit = limitHandler(store, { ...HOURLY, refuse })
  const handle = limit.wrap(async () => Promise.reject(new Error('of the application')))
  await expect(handle(requestOf('ada'))).rejects.toThrow('of the application')
  const refused = await handle(requestOf('ada'))
  expect([refused.status, await refused.json()]).toEqual([429, { url: URL }])
  expect(refused.headers.get('RateLimit')).toMatch(/^"api";r=0;t=\d+$/)
  const failing = limitHandler(store, { ...HOURLY, key: () => Promise.reject(new Error('no key')) })
  await expect(failing.wrap(() => new Response())(requestOf('ada'))).rejects.toThrow('no key')
})

test.for(['text', 5, null, {}, { tokens: Number.NaN, time: 0 }, { tokens: -1e300, time: 0 }])(
  'limitHandler() lets a full bucket take the place of the row %o',
  async (row, { store }) => {
    await store.set(['diskcache', 'bucket', 'api', 'ada'], row)
    const handle = limitHandler(store, { ...HOURLY, whenAway: 'refuse' }).wrap(() => new Response())
    for (const status of [200, 429]) expect((await handle(requestOf('ada'))).status).toBe(status)
  },
)

test('limitHandler().respond() is for middleware, as in Hono', async ({ store }) => {
  const limit = limitHandler(store, HOURLY)
  const app = new Hono().use(async (context, next) => {
    return limit.respond(context.req.raw, async () => {
      await next()
      return context.res
    })
  })
  app.get('/', (context) => context.text('Hello'))
  const first = await headOf(await app.request(requestOf('ada')))
  expect(first).toEqual([200, '"api";q=1;w=3600', expect.stringMatching(/^"api";r=0;t=\d+$/), null, 'Hello'])
  expect((await app.request(requestOf('ada'))).status).toBe(429)
})

test.for([
  ['allow', 200],
  ['refuse', 503],
] as const)('limitHandler() with whenAway: %s, while the store fails', async ([whenAway, status]) => {
  const limit = limitHandler(failingStore(new MemoryStore(), ['update']), { ...HOURLY, whenAway })
  const response = await limit.wrap(() => new Response('Hello'))(requestOf('ada'))
  expect([response.status, response.headers.get('RateLimit')]).toEqual([status, null])
})

directoryTest('limitHandler() closes the cache that it opened, and no other', async ({ directory }) => {
  using cache = new Cache(directory)
  const own = limitHandler(directory, { ...HOURLY, whenAway: 'refuse' })
  await using given = limitHandler(cache, HOURLY)
  const ask = async (limit: typeof own) => (await limit.wrap(() => new Response())(requestOf('ada'))).status
  expect([await ask(own), await ask(given)]).toEqual([200, 429])
  await own.close()
  await given.close()
  expect([await ask(own), await ask(given), given.health().status]).toEqual([503, 429, 'up'])
})

test('limitHandler() wants a key, as a Request has no address', () => {
  const { key: _key, ...options } = HOURLY
  expect(() => limitHandler(new MemoryStore(), options as typeof HOURLY)).toThrow(
    'Cannot use key: expected a function',
  )
})

function requestOf(client?: string): Request {
  return new Request(URL, { headers: client === undefined ? {} : { 'X-Client': client } })
}

async function headOf(response: Response) {
  const fields = ['RateLimit-Policy', 'RateLimit', 'Retry-After'].map((name) => response.headers.get(name))
  return [response.status, ...fields, await response.text()]
}
