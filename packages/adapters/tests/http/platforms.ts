import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import newConnect from 'connect'
import type { Express, Request, Response } from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import newPolka from 'polka'
import { cacheResponses } from '../../src/express/index.ts'
import { cacheResponses as fastifyCache } from '../../src/fastify/index.ts'
import { cacheResponses as cacheWebResponses } from '../../src/web/index.ts'
import { type ExpressVersion, newExpress } from '../express/application.ts'
import { koaMiddleware } from '../koa/koa-middleware.ts'
import { honoMiddleware } from '../web/hono-middleware.ts'
import { originRequest, responseOf } from '../web/origin.ts'
import { ask } from './http-client.ts'
import { http2 } from './http2-platform.ts'
import { nest } from './nest-platform.ts'
import type { OriginRequest, Platform, Reply, Running } from './platform.ts'

/** With these no `Request` can be made, or not as it came: its URL has one spelling. */
const LACKS_OF_REQUEST = [
  'TRACE',
  'an application that goes by a Host that is none',
  'no number of spellings pushes a page out',
]

/** Of how many cases one is in a sample. */
const SAMPLE = 16

/** Returns whether the case with this number is for a platform; all are with this in the environment. */
export function takesPart({ isSampled, half }: Platform, index: number): boolean {
  if (process.env.DISKCACHE_ALL_PLATFORMS) return true
  if (isSampled) return index % SAMPLE === 0
  return half === undefined || index % 2 === (half === 'even' ? 0 : 1)
}

/** All platforms. */
export const PLATFORMS: readonly Platform[] = [
  ...[express(5), express(4), bare(), connect(), polka(), koa(), http2(), fastify()],
  ...[web(), hono(), nest('Express'), nest('Fastify')],
]

function express(version: ExpressVersion): Platform {
  const make = () => {
    const app = newExpress(version)
    return [app, app] as const
  }
  return { ...withMiddleware(`Express ${version}`, make), isSampled: version === 4 }
}

function connect(): Platform {
  const make = () => {
    const app = newConnect()
    return [app, app] as const
  }
  return { ...withMiddleware('connect', make), isSampled: true }
}

function polka(): Platform {
  const make = () => {
    const app = newPolka()
    return [app, app.handler] as const
  }
  return { ...withMiddleware('polka', make), isSampled: true }
}

function koa(): Platform {
  return {
    name: 'Koa 3',
    isSampled: true,
    start: ({ store, options, reply }) => {
      const cache = cacheResponses(store, options)
      const app = new Koa()
      app.silent = true
      app.use(koaMiddleware(cache))
      app.use(async (ctx) => {
        const { status = 200, headers = {}, body } = await reply(ctx.req as OriginRequest)
        ctx.set(headers as Record<string, string>)
        ctx.body = body ?? null
        ctx.status = status
      })
      return listen(app.callback(), cache)
    },
  }
}

/** An application that takes middleware. `make` gives it, and its listener for a server of Node. */
function withMiddleware(name: string, make: () => readonly [app: unknown, listener: unknown]): Platform {
  return {
    name,
    start: async ({ store, options, reply }) => {
      const cache = cacheResponses(store, options)
      const [app, listener] = make() as [Pick<Express, 'use'>, Parameters<typeof listen>[0]]
      app.use(cache)
      app.use(async (req, res, next) => {
        try {
          send(res, await reply(req))
        } catch (error) {
          next(error)
        }
      })
      return listen(listener, cache)
    },
  }
}

/** Of `node:http` alone. */
function bare(): Platform {
  return {
    name: 'node:http',
    isSampled: true,
    start: async ({ store, options, reply }) => {
      const cache = cacheResponses(store, options)
      const answer = async (req: Request, res: Response) => {
        try {
          send(res, await reply(req))
        } catch {
          res.writeHead(500).end()
        }
      }
      return listen((req, res) => void cache(req, res, () => answer(req as Request, res as Response)), cache)
    },
  }
}

function fastify(): Platform {
  return {
    name: 'Fastify 5',
    half: 'odd',
    start: async ({ store, options, reply }) => {
      const app = Fastify({ forceCloseConnections: true })
      for (const method of ['LINK', 'PROPFIND']) app.addHttpMethod(method, { hasBody: true })
      // Any body is none of the application's business.
      app.addContentTypeParser('*', (_request, body, done) => body.resume().once('end', () => done(null)))
      await app.register(fastifyCache, { store, ...(options as object) })
      app.all('*', async (request, response) => {
        const { status = 200, headers = {}, body } = await reply(request)
        for (const [name, value] of Object.entries(headers)) response.header(name, value)
        return response.code(status).send(body)
      })
      const origin = await app.listen({ port: 0, host: '127.0.0.1' })
      return {
        ask: (path, how) => ask(origin + path, how),
        [Symbol.asyncDispose]: async () => void (await app.close()),
      }
    },
  }
}

/** Handlers of `Request` to `Response`, on the server of Hono. */
function web(): Platform {
  return {
    name: 'web',
    half: 'even',
    lacks: LACKS_OF_REQUEST,
    start: ({ store, options, reply }) => {
      const cache = cacheWebResponses(store, options as object)
      const handle = cache.wrap(async (request: globalThis.Request) =>
        responseOf(await reply(originRequest(request))),
      )
      return listen(getRequestListener(handle, { hostname: 'localhost' }), cache)
    },
  }
}

/** Middleware of Hono. */
function hono(): Platform {
  return {
    name: 'Hono',
    isSampled: true,
    lacks: LACKS_OF_REQUEST,
    start: ({ store, options, reply }) => {
      const cache = cacheWebResponses(store, options as object)
      const app = new Hono()
      app.onError((_error, c) => c.text('it fails', 500))
      app.use(honoMiddleware(cache, app))
      app.all('*', async (c) => responseOf(await reply(originRequest(c.req.raw))))
      return listen(
        getRequestListener((request, env) => app.fetch(request, env)),
        cache,
      )
    },
  }
}

/** Sends a reply with what `node:http` has. */
export function send(res: ServerResponse, { status = 200, headers = {}, body }: Reply): void {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value as string)
  res.statusCode = status
  res.end(body)
}

/** Starts a server, which closes the cache, too. */
export async function listen(
  handler: Parameters<typeof createServer>[1] & object,
  cache: { close(): Promise<void> },
): Promise<Running> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ask: (path, options) => ask(origin + path, options),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await cache.close()
    },
  }
}
