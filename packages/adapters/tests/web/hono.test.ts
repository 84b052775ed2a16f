import { setImmediate as turn } from 'node:timers/promises'
import { type Context, Hono, type Next } from 'hono'
import { compress } from 'hono/compress'
import { expect } from 'vitest'
import { honoMiddleware } from './hono-middleware.ts'
import { statusOf, webTest as test } from './web-test.ts'

const FOR_ALL = 'public, max-age=60, stale-while-revalidate=60'

test('what middleware before the cache sets is made anew for each request', async ({
  newCache,
  activity,
}) => {
  const app = new Hono()
  let requests = 0
  app.use(async (c: Context, next: Next) => {
    c.header('X-Request-Id', String(++requests))
    await next()
    c.header('X-After', String(requests))
  })
  app.use(honoMiddleware(newCache(), app))
  app.get('/', (c) => c.text('page', 200, { 'Cache-Control': FOR_ALL, 'X-Own': 'kept' }))
  const of = ({ headers }: Response) => ['x-request-id', 'x-after', 'x-own'].map((name) => headers.get(name))
  expect(of(await app.request('/'))).toEqual(['1', '1', 'kept'])
  await activity.settled()
  const hit = await app.request('/')
  expect(statusOf(hit)).toBe('diskcache; hit; ttl=60')
  expect(of(hit)).toEqual(['2', '2', 'kept'])
})

test('a cookie that middleware before the cache sets lets the request go past it', async ({ newCache }) => {
  const app = new Hono()
  app.use(async (c, next) => {
    c.header('Set-Cookie', 'sid=1')
    await next()
  })
  app.use(honoMiddleware(newCache(), app))
  app.get('/', (c) => c.text('page', 200, { 'Cache-Control': FOR_ALL }))
  const answer = await app.request('/')
  expect([statusOf(answer), answer.headers.getSetCookie()]).toEqual([
    'diskcache; fwd=bypass; detail=personal',
    ['sid=1'],
  ])
})

test('a user that middleware behind the cache finds is seen', async ({ newCache }) => {
  const app = new Hono<{ Variables: { user: string } }>()
  app.use(honoMiddleware(newCache(), app as unknown as Hono))
  app.use(async (c, next) => {
    c.set('user', 'alice')
    await next()
  })
  app.get('/', (c) => c.text(c.get('user'), 200, { 'Cache-Control': FOR_ALL }))
  expect(statusOf(await app.request('/'))).toBe('diskcache; fwd=uri-miss; detail=personal')
})

test('compression before the cache compresses hits, and no parts', async ({ newCache, activity }) => {
  const app = new Hono()
  app.use(compress({ threshold: 0 }))
  app.use(honoMiddleware(newCache(), app))
  app.get('/', (c) => c.text('page'.repeat(100), 200, { 'Cache-Control': FOR_ALL }))
  const headers = { 'Accept-Encoding': 'gzip' }
  await (await app.request('/', { headers })).arrayBuffer()
  await activity.settled()
  const hit = await app.request('/', { headers })
  expect([statusOf(hit), hit.headers.get('content-encoding')]).toEqual(['diskcache; hit; ttl=60', 'gzip'])
  const part = await app.request('/', { headers: { ...headers, Range: 'bytes=0-3' } })
  expect([part.status, part.headers.get('content-encoding'), await part.text()]).toEqual([206, null, 'page'])
})

test('a stale page is made anew through the whole application, by nobody', async ({
  newCache,
  activity,
  clock,
}) => {
  const app = new Hono<{ Bindings: { client?: string } }>()
  const seen: unknown[] = []
  app.use(async (c, next) => {
    seen.push([c.env?.client, c.req.header('x-real-ip')])
    await next()
  })
  const cache = newCache()
  app.use(honoMiddleware(cache, app as unknown as Hono))
  app.get('/', (c) => c.text(`run ${seen.length}`, 200, { 'Cache-Control': FOR_ALL }))
  const ask = () => app.request('/', { headers: { 'x-real-ip': '203.0.113.7' } }, { client: 'alice' })
  await (await ask()).text()
  await activity.settled()
  clock.advance(61_000)
  expect(await (await ask()).text()).toBe('run 1')
  while (seen.length < 3) await turn()
  await activity.settled()
  expect(seen).toEqual([
    ['alice', '203.0.113.7'],
    ['alice', '203.0.113.7'],
    [undefined, undefined],
  ])
  expect(await (await ask()).text()).toBe('run 3')
})

test('wrap() takes the whole of an application', async ({ newCache, activity }) => {
  const app = new Hono()
  app.get('/', (c) => c.text('page', 200, { 'Cache-Control': FOR_ALL }))
  const handle = newCache().wrap(app.fetch)
  await (await handle(new Request('http://localhost/'), {})).text()
  await activity.settled()
  expect(statusOf(await handle(new Request('http://localhost/'), {}))).toBe('diskcache; hit; ttl=60')
})
