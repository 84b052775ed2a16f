import { Readable } from 'node:stream'
import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import Koa from 'koa'
import { expect } from 'vitest'
import { cacheResponses } from '../../src/express/index.ts'
import { Activity } from '../http/activity.ts'
import type { Running } from '../http/platform.ts'
import { listen } from '../http/platforms.ts'
import { koaMiddleware } from './koa-middleware.ts'

const FOR_ALL = { 'Cache-Control': 'public, max-age=60, stale-while-revalidate=60' }

/** Starts an application with these middlewares before and behind the cache. */
type Start = (before: readonly Koa.Middleware[], behind: Koa.Middleware) => Promise<Running>

const test = directoryTest.extend<{ activity: Activity; start: Start }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  activity: async ({}, use) => {
    await use(new Activity())
  },
  start: async ({ directory, clock, activity }, use) => {
    await using store = new Cache(directory, { clock: clock.now, tagIndex: true })
    await using started = new AsyncDisposableStack()
    await use(async (before, behind) => {
      const options = { clock: clock.now, storeTimeout: 20_000, collapse: { timeout: 20_000 } }
      const cache = cacheResponses(activity.watch(store.promises), options)
      const app = new Koa()
      for (const middleware of before) app.use(middleware)
      app.use(koaMiddleware(cache)).use(behind)
      return started.use(await listen(app.callback(), cache))
    })
  },
})

test('Koa: a stream is stored, and middleware before the cache goes on when it has answered', async ({
  start,
  activity,
}) => {
  const after: number[] = []
  const app = await start(
    [
      async (ctx, next) => {
        await next()
        after.push(ctx.status)
      },
    ],
    (ctx) => {
      ctx.set(FOR_ALL)
      ctx.body = Readable.from(['one ', 'two'])
    },
  )
  expect((await app.ask('/')).cache).toBe('diskcache; fwd=uri-miss; stored')
  await activity.settled()
  const hit = await app.ask('/')
  expect([hit.cache, hit.text]).toEqual(['diskcache; hit; ttl=60', 'one two'])
  await expect.poll(() => after).toEqual([200, 200])
})

for (const place of ['before', 'behind'] as const)
  test(`Koa: what ctx.state.user says ${place} the cache keeps the response out of it`, async ({ start }) => {
    const login: Koa.Middleware = (ctx, next) => {
      ctx.state.user = { name: 'alice' }
      return next()
    }
    const app = await start(place === 'before' ? [login] : [], async (ctx) => {
      if (place === 'behind') await login(ctx, async () => {})
      ctx.set(FOR_ALL)
      ctx.body = 'page'
    })
    expect((await app.ask('/')).cache).toMatch(/detail=personal$/)
    expect((await app.ask('/')).cache).toMatch(/detail=personal$/)
  })

test('Koa: the background asks for the URL that the client asked for, where a router has changed it', async ({
  start,
  activity,
  clock,
}) => {
  const seen: string[] = []
  const mounted: Koa.Middleware = async (ctx, next) => {
    const { path } = ctx
    ctx.path = path.replace('/shop', '')
    await next()
    ctx.path = path
  }
  const app = await start([mounted], (ctx) => {
    seen.push(`${ctx.originalUrl} ${ctx.url}`)
    ctx.set(FOR_ALL)
    ctx.body = `run ${seen.length}`
  })
  await app.ask('/shop/a?b=1')
  await activity.settled()
  clock.advance(61_000)
  await app.ask('/shop/a?b=1')
  await activity.settled()
  expect((await app.ask('/shop/a?b=1')).text).toBe('run 2')
  expect(seen).toEqual(['/shop/a?b=1 /a?b=1', '/shop/a?b=1 /a?b=1'])
})

test('Koa: a handler that throws is answered as without the cache, and nothing of it is stored', async ({
  start,
}) => {
  const app = await start([], (ctx) => {
    ctx.set(FOR_ALL)
    ctx.throw(404, 'not here')
  })
  for (let i = 0; i < 2; i++) {
    const answer = await app.ask('/')
    expect([answer.status, answer.text, answer.headers['cache-control']]).toEqual([
      404,
      'not here',
      undefined,
    ])
  }
})
