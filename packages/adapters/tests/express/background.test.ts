import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { errorChannel } from '@diskcache/core'
import express, { type Request, type RequestHandler, type Response } from 'express'
import { expect, vi } from 'vitest'
import { cacheResponses } from '../../src/express/index.ts'
import { ask } from '../http/http-client.ts'
import { Application } from './application.ts'
import { cachedTest as test } from './cached-test.ts'

const STALE = 'public, max-age=60, stale-while-revalidate=600'

for (const version of [4, 5] as const)
  for (const compression of ['none', 'before', 'behind'] as const)
    test(`cacheResponses() revalidates through the whole application, as nobody, Express ${version}, compression: ${compression}`, async ({
      start,
      activity,
      clock,
    }) => {
      const seen: Request[] = []
      const { app } = await start({
        version,
        compression,
        shareWithCookies: true,
        shareWithAuthorization: true,
        before: [
          (req, _res, next) => {
            seen.push(req)
            next()
          },
        ],
        handlers: (app) =>
          app.get('/page/:name', (req, res) => {
            res.set('Cache-Control', STALE).vary('Accept-Language')
            res.send(
              `${req.params.name} ${req.headers['accept-language']} ${seen.length} ${req.headers.cookie ?? ''}`,
            )
          }),
      })
      const plain = { 'accept-language': 'de', 'accept-encoding': 'identity' }
      const personal = {
        ...plain,
        cookie: 'sid=1',
        authorization: 'Basic YTpi',
        'user-agent': 'mine',
        'x-own': '1',
      }
      await app.ask('/page/one?two', { headers: plain })
      await activity.settled()
      clock.advance(61_000)
      const stale = await app.ask('/page/one?two', { headers: personal })
      await activity.settled()
      const fresh = await app.ask('/page/one?two', { headers: personal })
      expect([stale.text, fresh.text]).toEqual(['one de 1 ', 'one de 3 '])
      const { headers, method, originalUrl } = seen[2] as Request
      expect([method, originalUrl]).toEqual(['GET', '/page/one?two'])
      expect(headers).toEqual({
        host: new URL(app.origin).host,
        'user-agent': 'diskcache',
        'accept-language': 'de',
        ...(compression === 'behind' && { 'accept-encoding': 'identity' }),
      })
    })

test('cacheResponses() revalidates in a mounted application', async ({ start, activity, clock }) => {
  let runs = 0
  const inner = express()
  const router = express.Router()
  inner.use('/b', router)
  router.get('/c', (_req, res) => void res.set('Cache-Control', STALE).send(String(++runs)))
  const { app } = await start({ handlers: (app) => app.use('/a', inner) })
  expect((await app.ask('/a/b/c')).text).toBe('1')
  await activity.settled()
  clock.advance(61_000)
  expect((await app.ask('/a/b/c')).text).toBe('1')
  await activity.settled()
  expect((await app.ask('/a/b/c')).text).toBe('2')
})

test('cacheResponses() revalidates outside of the context of the request', async ({
  start,
  activity,
  clock,
}) => {
  const user = new AsyncLocalStorage<string>()
  const seen: (string | undefined)[] = []
  const { app } = await start({
    // Somebody who enters, and does not think of requests that come another way.
    before: [
      (req, _res, next) =>
        req.headers['x-test-who'] ? user.run(String(req.headers['x-test-who']), next) : next(),
    ],
    handlers: (app) =>
      app.get('/', (_req, res) => {
        seen.push(user.getStore())
        res.set('Cache-Control', STALE).send('fine')
      }),
  })
  await app.ask('/')
  await activity.settled()
  clock.advance(61_000)
  await app.ask('/', { headers: { 'x-test-who': 'alice' } })
  await activity.settled()
  expect(seen).toEqual([undefined, undefined])
})

test('cacheResponses() goes on when middleware before it answers the revalidation', async ({
  start,
  activity,
  clock,
}) => {
  let runs = 0
  const { app } = await start({
    before: [(req, res, next) => (req.headers['x-pass'] === undefined ? void res.status(403).end() : next())],
    handlers: (app) => app.get('/', (_req, res) => void res.set('Cache-Control', STALE).send(String(++runs))),
  })
  const headers = { 'x-pass': '1' }
  await app.ask('/', { headers })
  await activity.settled()
  clock.advance(61_000)
  for (let i = 0; i < 3; i++) {
    expect((await app.ask('/', { headers })).text).toBe('1')
    await activity.settled()
  }
  expect(runs).toBe(1)
  clock.advance(600_000)
  expect((await app.ask('/', { headers })).text).toBe('2')
})

test('cacheResponses() revalidates once for many, in two applications', async ({
  start,
  store,
  activity,
  clock,
}) => {
  let runs = 0
  const handlers = (app: express.Express) =>
    void app.get('/', (_req, res) => {
      runs++
      setTimeout(() => res.set('Cache-Control', STALE).send('fine'), 20)
    })
  const { app } = await start({ handlers })
  const second = cacheResponses(activity.watch(store.promises), { clock: clock.now })
  await using other = await Application.start({ cache: second, handlers })
  const headers = { host: 'example.com' }
  await app.ask('/', { headers })
  await activity.settled()
  clock.advance(61_000)
  const asked = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? app : other).ask('/', { headers }))
  const answers = await Promise.all(asked)
  expect(answers.every(({ cache }) => cache.includes('hit; ttl='))).toBe(true)
  await second.close()
  expect(runs).toBe(2)
})

test('cacheResponses() revalidates with the language of the request, which middleware may take for granted', async ({
  start,
  activity,
  clock,
}) => {
  let runs = 0
  const { app } = await start({
    before: [
      (req, _res, next) => {
        const [language] = String(req.headers['accept-language']).split(',')
        if (language === 'undefined' || req.headers['user-agent'] === undefined) throw new Error('no person')
        next()
      },
    ],
    handlers: (app) => app.get('/', (_req, res) => void res.set('Cache-Control', STALE).send(String(++runs))),
  })
  const headers = { 'accept-language': 'de,en', 'user-agent': 'browser' }
  await app.ask('/', { headers })
  await activity.settled()
  clock.advance(61_000)
  await app.ask('/', { headers })
  await activity.settled()
  expect((await app.ask('/', { headers })).text).toBe('2')
})

test('cacheResponses() tells of a revalidation that fails, and rests before the next', async ({
  start,
  activity,
  clock,
}) => {
  const told: unknown[] = []
  const listen = (message: unknown) => void told.push(message)
  errorChannel.subscribe(listen)
  try {
    let runs = 0
    const { app } = await start({
      handlers: (app) =>
        app.get('/', (_req, res) => {
          if (++runs > 1) throw new Error('it fails')
          res.set('Cache-Control', STALE).send('old')
        }),
    })
    await app.ask('/')
    await activity.settled()
    clock.advance(61_000)
    for (let i = 0; i < 5; i++) {
      expect((await app.ask('/')).text).toBe('old')
      await activity.settled()
    }
    expect(runs).toBe(2)
    const message = `Cannot revalidate the stored response of ${app.origin}/: the application failed`
    expect(told).toMatchObject([{ reason: 'failed', error: { message } }])
  } finally {
    errorChannel.unsubscribe(listen)
  }
})

test('cacheResponses() revalidates also while requests of others make the application fail', async ({
  start,
  activity,
  clock,
}) => {
  let runs = 0
  const { app } = await start({
    handlers: (app) =>
      app.get('/', (req, res) => {
        if (req.headers['x-break']) throw new Error('it fails')
        res.set('Cache-Control', `${STALE}, stale-if-error=600`).send(String(++runs))
      }),
  })
  await app.ask('/')
  await activity.settled()
  clock.advance(61_000)
  const reload = { 'cache-control': 'no-cache', 'x-break': '1' }
  expect((await app.ask('/', { headers: reload })).text).toBe('1')
  expect((await app.ask('/')).text).toBe('1')
  await activity.settled()
  expect((await app.ask('/')).text).toBe('2')
})

test('cacheResponses() revalidates with what the stored answer was made for, not with what the next client wants', async ({
  start,
  activity,
  clock,
}) => {
  const wanted: unknown[] = []
  const { app } = await start({
    handlers: (app) =>
      app.get('/', ({ headers }, res) => {
        wanted.push([headers.accept, headers['accept-language']])
        res.set('Cache-Control', STALE).send('fine')
      }),
  })
  await app.ask('/', { headers: { accept: 'text/html', 'accept-language': 'x'.repeat(1_000) } })
  await activity.settled()
  clock.advance(61_000)
  await app.ask('/', { headers: { accept: 'crash/me', 'accept-language': 'crash' } })
  await activity.settled()
  expect(wanted).toEqual([
    ['text/html', 'x'.repeat(1_000)],
    ['text/html', undefined],
  ])
})

test('cacheResponses() revalidates what is streamed in large parts', async ({ start, activity, clock }) => {
  let runs = 0
  const { app } = await start({
    handlers: (app) =>
      app.get('/', (_req, res) => {
        const parts = Array.from({ length: 4 }, () => Buffer.alloc(200_000, String(++runs)))
        Readable.from(parts).pipe(res.set('Cache-Control', STALE))
      }),
  })
  await app.ask('/')
  await activity.settled()
  clock.advance(61_000)
  await app.ask('/')
  await activity.settled()
  expect((await app.ask('/')).text.startsWith('5')).toBe(true)
})

test('cacheResponses() revalidates again when the application threw at once', async ({
  store,
  activity,
  clock,
}) => {
  const told: unknown[] = []
  const onError = (error: unknown) => told.push(error)
  const problem = new Error('it fails')
  const cache = cacheResponses(activity.watch(store.promises), { clock: clock.now, onError })
  let runs = 0
  const server = createServer((req, res) =>
    cache(req as Request, res as Response, () => {
      if (++runs > 1) throw problem
      res.writeHead(200, { 'Cache-Control': STALE }).end('page')
    }),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const get = () => ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await get()
  await activity.settled()
  clock.advance(61_000)
  const isTriedAgain = async () => {
    clock.advance(1_000)
    expect((await get()).text).toBe('page')
    expect(runs).toBe(3)
  }
  await vi.waitFor(isTriedAgain, { timeout: 15_000, interval: 200 })
  expect(told).toEqual([problem, problem])
  server.closeAllConnections()
  server.close()
  await cache.close()
})

/** Middleware that takes a request of nobody for another than that of a client. */
const TURNS: Readonly<Record<string, RequestHandler>> = {
  'another host': (req, _res, next) => {
    if (req.headers['x-front'] === undefined) req.headers.host = 'other.example'
    next()
  },
  'another path': (req, _res, next) => {
    if (req.headers['x-front'] === undefined) req.url = '/other'
    next()
  },
}

for (const [name, turn] of Object.entries(TURNS))
  test(`cacheResponses() takes no answer of ${name} for one made anew, tells of it, and rests`, async ({
    start,
    activity,
    clock,
  }) => {
    let runs = 0
    const told: unknown[] = []
    const { app, responses } = await start({
      onError: (error) => told.push(error),
      before: [turn],
      handlers: (app) => app.use((_req, res) => void res.set('Cache-Control', STALE).send(String(++runs))),
    })
    const headers = { host: 'shop.example', 'x-front': '1' }
    await app.ask('/', { headers })
    await activity.settled()
    clock.advance(61_000)
    for (let i = 0; i < 5; i++) {
      expect((await app.ask('/', { headers })).text).toBe('1')
      await activity.settled()
    }
    expect((await Array.fromAsync(responses.list())).map(({ url }) => url)).toEqual(['http://shop.example/'])
    const other = name === 'another host' ? 'of http://other.example/' : 'for another variant'
    const message =
      'Cannot revalidate the stored response of http://shop.example/: the request came to the cache'
    expect(told).toMatchObject([{ message: `${message} as one ${other}` }])
    expect(runs).toBe(2)
  })
