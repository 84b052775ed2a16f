import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { All, Controller, Module, Res } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import express, { type Response } from 'express'
import Fastify from 'fastify'
import { cacheResponses } from '../../src/express/index.ts'
import { cacheResponses as fastifyCache } from '../../src/fastify/index.ts'
import { CachedResponse, DiskCacheModule } from '../../src/nest/index.ts'
import { cacheResponses as cacheWebResponses } from '../../src/web/index.ts'
import { decorate, decorateParameter } from '../nest/decorate.ts'

/** A server that answers each request with an event stream, which begins at once and does not end. */
export interface StreamServer extends AsyncDisposable {
  readonly port: number
}

/** Starts a server with a cache in a directory; `undefined`: without one. */
export type StartStreams = (directory: string | undefined) => Promise<StreamServer>

const TYPE = { 'content-type': 'text/event-stream' }
const EVENT = 'data: one\n\n'

/** An answer for each framework, by its name. */
export const STREAM_SERVERS: Readonly<Record<string, StartStreams>> = {
  Express: (directory) => {
    const cache = directory === undefined ? undefined : cacheResponses(directory)
    const app = express()
    if (cache !== undefined) app.use(cache)
    app.use((_req, res) => answer(res))
    return serve(app, cache)
  },
  'node:http': (directory) => {
    if (directory === undefined) return serve((_req, res) => answer(res))
    const cache = cacheResponses(directory)
    return serve((req, res) => void cache(req, res, () => answer(res as Response)), cache)
  },
  Fastify: async (directory) => {
    const app = Fastify({ forceCloseConnections: true })
    if (directory !== undefined) await app.register(fastifyCache, { store: directory })
    app.get('/', (_request, reply) => {
      const events = new Readable({ read() {} })
      events.push(EVENT)
      reply.headers(TYPE).send(events)
    })
    const origin = await app.listen({ port: 0, host: '127.0.0.1' })
    return { port: Number(new URL(origin).port), [Symbol.asyncDispose]: async () => void (await app.close()) }
  },
  web: (directory) => {
    const handle = () => {
      const start = (controller: ReadableStreamDefaultController) => {
        controller.enqueue(new TextEncoder().encode(EVENT))
      }
      return new globalThis.Response(new ReadableStream({ start }), { headers: TYPE })
    }
    const cache = directory === undefined ? undefined : cacheWebResponses(directory)
    return serve(getRequestListener(cache?.wrap(handle) ?? handle, { hostname: 'localhost' }), cache)
  },
  Nest: async (directory) => {
    class Streams {
      stream(response: ServerResponse): void {
        answer(response)
      }
    }
    const cached = directory === undefined ? [] : [CachedResponse()]
    decorate(Streams.prototype, 'stream', All('/'), ...cached)
    decorateParameter(Streams.prototype, 'stream', 0, Res())
    Controller()(Streams)
    class Application {}
    const imports = directory === undefined ? [] : [DiskCacheModule.forRoot({ directory })]
    Module({ imports, controllers: [Streams] })(Application)
    const options = { logger: false, forceCloseConnections: true } as const
    const app = await NestFactory.create(Application, new ExpressAdapter(), options)
    await app.listen(0, '127.0.0.1')
    const { port } = new URL((await app.getUrl()).replace('[::1]', '127.0.0.1'))
    return { port: Number(port), [Symbol.asyncDispose]: () => app.close() }
  },
}

function answer(res: ServerResponse): void {
  res.writeHead(200, TYPE).write(EVENT)
}

async function serve(listener: RequestListener, cache?: { close(): Promise<void> }): Promise<StreamServer> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await cache?.close()
    },
  }
}
