import type { RequestListener } from 'node:http'
import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import type { RequestHandler } from 'express'
import Fastify from 'fastify'
import { expect } from 'vitest'
import { cacheResponses } from '../../src/express/index.ts'
import { cacheResponses as fastifyCache } from '../../src/fastify/index.ts'
import { newExpress } from '../express/application.ts'
import { Activity } from './activity.ts'
import { askHttps, CERTIFICATE, listenHttps } from './https-server.ts'

const STALE = { 'Cache-Control': 'public, max-age=60, stale-while-revalidate=600' }

/** What an application is given: where to store, and what to answer with, by whether it was asked over HTTPS. */
interface Given {
  readonly options: { readonly clock: () => number; readonly storeTimeout: number }
  readonly store: Cache['promises']
  readonly answer: (isSecure: boolean, protocol: string) => string
}

type Start = (given: Given) => Promise<AsyncDisposable & { readonly port: number }>

const APPLICATIONS: Readonly<Record<string, Start>> = {
  Express: ({ store, options, answer }) => {
    const app = newExpress()
    app.use(redirectToHttps, cacheResponses(store, options))
    app.get('/', (req, res) => void res.set(STALE).send(answer(req.secure, req.protocol)))
    return listenHttps(app)
  },
  'node:http': ({ store, options, answer }) => {
    const cache = cacheResponses(store, options)
    const listener: RequestListener = (req, res) => {
      const isSecure = 'encrypted' in req.socket && req.socket.encrypted === true
      const next = () => res.writeHead(200, STALE).end(answer(isSecure, isSecure ? 'https' : 'http'))
      cache(req, res, next)
    }
    return listenHttps(listener)
  },
  Fastify: async ({ store, options, answer }) => {
    const app = Fastify({ https: CERTIFICATE, forceCloseConnections: true })
    await app.register(fastifyCache, { store, ...options })
    app.get('/', (request, reply) => {
      reply.headers(STALE).send(answer(request.protocol === 'https', request.protocol))
    })
    const origin = await app.listen({ port: 0, host: 'localhost' })
    return { port: Number(new URL(origin).port), [Symbol.asyncDispose]: () => app.close() as never }
  },
}

for (const [name, start] of Object.entries(APPLICATIONS))
  directoryTest(`${name}: the background asks by HTTPS where clients do`, async ({ directory, clock }) => {
    clock.time = Date.now()
    const activity = new Activity()
    await using store = new Cache(directory, { clock: clock.now, tagIndex: true })
    const runs: (readonly [boolean, string])[] = []
    await using app = await start({
      store: activity.watch(store.promises),
      options: { clock: clock.now, storeTimeout: 20_000 },
      answer: (isSecure, protocol) => `run ${runs.push([isSecure, protocol])}`,
    })
    expect(await askHttps(app.port, '/')).toBe('run 1')
    await activity.settled()
    clock.advance(61_000)
    expect(await askHttps(app.port, '/')).toBe('run 1')
    await activity.settled()
    expect(await askHttps(app.port, '/')).toBe('run 2')
    expect(runs).toEqual([
      [true, 'https'],
      [true, 'https'],
    ])
  })

/** Middleware before the cache, as many applications have it. */
const redirectToHttps: RequestHandler = (req, res, next) => {
  if (req.secure) next()
  else res.redirect(`https://localhost${req.originalUrl}`)
}
