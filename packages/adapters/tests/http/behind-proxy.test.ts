import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { getRequestListener } from '@hono/node-server'
import type { INestApplication } from '@nestjs/common'
import type { Request, Response } from 'express'
import Fastify from 'fastify'
import { expect } from 'vitest'
import { cacheResponses } from '../../src/express/index.ts'
import { cacheResponses as fastifyCache } from '../../src/fastify/index.ts'
import { cacheResponses as cacheWebResponses } from '../../src/web/index.ts'
import { type ExpressVersion, newExpress } from '../express/application.ts'
import { responseOf } from '../web/origin.ts'
import { Activity } from './activity.ts'
import { ask } from './http-client.ts'
import { type NestKind, newNest } from './nest-platform.ts'
import type { Given, Running } from './platform.ts'
import { listen, send } from './platforms.ts'

/** Applications that trust a proxy. */
const APPLICATIONS: Readonly<Record<string, (given: Given) => Promise<Running>>> = {
  'Express 5': (given) => express(5, given),
  'Express 4': (given) => express(4, given),
  Fastify: async ({ store, options, reply }) => {
    const app = Fastify({ forceCloseConnections: true, trustProxy: true })
    await app.register(fastifyCache, { store, ...(options as object) })
    app.get('*', async (request, response) => {
      const { headers = {}, body } = await reply(request)
      return response.headers(headers).send(body)
    })
    const origin = await app.listen({ port: 0, host: '127.0.0.1' })
    return {
      ask: (path, how) => ask(origin + path, how),
      [Symbol.asyncDispose]: async () => void (await app.close()),
    }
  },
  web: ({ store, options, reply }) => {
    const cache = cacheWebResponses(store, { ...(options as object), trustProxy: true })
    const handle = cache.wrap(async ({ method, url, headers }: globalThis.Request) =>
      responseOf(await reply({ method, url, headers: Object.fromEntries(headers) })),
    )
    return listen(getRequestListener(handle, { hostname: 'localhost' }), cache)
  },
  'Nest on Express': (given) => nest('Express', given),
  'Nest on Fastify': (given) => nest('Fastify', given),
}

/** Fields of which the cache takes no notice where they are exempt. */
const PROXIED = {
  host: 'upstream.example:3000',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'Shop.example:8443',
  'x-forwarded-for': '203.0.113.9',
}

const STALE = { 'Cache-Control': 'public, max-age=60, stale-while-revalidate=600' }

for (const [name, start] of Object.entries(APPLICATIONS))
  for (const exempt of [[], ['x-forwarded-*'], ['x-*'], ['x-forwarded-host']])
    directoryTest(
      `${name}: the background asks for the same URL, exempt: ${exempt}`,
      async ({ directory, clock }) => {
        clock.time = Date.now()
        const activity = new Activity()
        await using store = new Cache(directory, { clock: clock.now, tagIndex: true })
        const seen: unknown[] = []
        const told: unknown[] = []
        await using app = await start({
          store: activity.watch(store.promises),
          options: {
            ...{
              clock: clock.now,
              storeTimeout: 20_000,
              fields: { exempt },
              onError: (error) => told.push(error),
            },
            collapse: { timeout: 20_000 },
          },
          reply: ({ headers }) => {
            seen.push([headers['x-forwarded-proto'], headers['x-forwarded-host'], headers['x-forwarded-for']])
            return { headers: STALE, body: `run ${seen.length}` }
          },
        })
        const get = async () => {
          const { text } = await app.ask('/', { headers: PROXIED })
          await activity.settled()
          return text
        }
        expect(await get()).toBe('run 1')
        clock.advance(61_000)
        expect(await get()).toBe('run 1')
        await expect.poll(() => seen.length).toBe(2)
        await activity.settled()
        expect(await get()).toBe('run 2')
        expect(told).toEqual([])
        expect(seen[1]).toEqual(['https', expect.stringMatching(/^shop.example:8443$/i), '192.0.2.1'])
      },
    )

async function express(version: ExpressVersion, { store, options, reply }: Given): Promise<Running> {
  const cache = cacheResponses(store, options)
  const app = newExpress(version)
  app.set('trust proxy', true)
  app.use(cache)
  app.use(async (req: Request, res: Response) => send(res, await reply(req)))
  return listen(app, cache)
}

async function nest(kind: NestKind, given: Given): Promise<Running> {
  const app: INestApplication = await newNest(kind, given, true)
  await app.listen(0, '127.0.0.1')
  const origin = (await app.getUrl()).replace('[::1]', '127.0.0.1')
  return { ask: (path, how) => ask(origin + path, how), [Symbol.asyncDispose]: () => app.close() }
}
