import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Cache } from '@diskcache/cache'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import Fastify from 'fastify'
import { cacheResponses } from '../../src/express/index.ts'
import { cacheResponses as fastifyCache } from '../../src/fastify/index.ts'
import { HttpCache } from '../../src/http/index.ts'
import { cacheResponses as webCache } from '../../src/web/index.ts'
import { listenerOf } from './engine.ts'
import { type NestKind, newNest } from './nest-platform.ts'

const PAGE = { 'Cache-Control': 'public, max-age=600', ETag: '"a"', Vary: 'Accept-Language' }

/** The options by which the most fields are looked at. */
const OPTIONS = { shareWithCookies: ['consent'], shareWithAuthorization: true, query: 'sorted' } as const

/** A server that does not listen yet. */
export interface FieldServer {
  readonly server: Server
  /** Closes the cache. */
  close(): Promise<void>
}

/** Servers that look at all fields of a request that any option has them look at, by name, each with a cache in a directory. */
export const FIELD_SERVERS: Readonly<Record<string, (directory: string) => Promise<FieldServer>>> = {
  'node:http': async (directory) => {
    const cache = cacheResponses(directory, OPTIONS)
    const server = createServer((req, res) => cache(req, res, () => answer(req, res)))
    return { server, close: () => cache.close() }
  },
  Express: async (directory) => {
    const cache = cacheResponses(directory, OPTIONS)
    const app = express()
    app.set('trust proxy', true)
    app.use(cache)
    app.use(answer)
    return { server: createServer(app), close: () => cache.close() }
  },
  'the engine alone': async (directory) => {
    const cache = new HttpCache<IncomingMessage, ServerResponse>(directory, OPTIONS)
    return { server: createServer(listenerOf(cache, answer)), close: () => cache.close() }
  },
  web: async (directory) => {
    const cache = webCache(directory, { ...OPTIONS, trustProxy: true })
    const handle = cache.wrap(() => new Response('page', { headers: PAGE }))
    return { server: createServer(getRequestListener(handle)), close: () => cache.close() }
  },
  Fastify: async (directory) => {
    const app = Fastify({ trustProxy: true })
    await app.register(fastifyCache, { store: directory, ...OPTIONS })
    app.get('/', (_request, reply) => reply.headers(PAGE).send('page'))
    await app.ready()
    return { server: app.server, close: () => app.close() }
  },
  'Nest on Express': (directory) => nest('Express', directory),
  'Nest on Fastify': (directory) => nest('Fastify', directory),
}

function answer(_req: IncomingMessage, res: ServerResponse): void {
  for (const [name, value] of Object.entries(PAGE)) res.setHeader(name, value)
  res.end('page')
}

async function nest(kind: NestKind, directory: string): Promise<FieldServer> {
  const reply = () => ({ headers: PAGE, body: 'page' })
  const store = new Cache(directory, { tagIndex: true })
  const application = await newNest(kind, { store: store.promises, options: OPTIONS, reply })
  await application.init()
  if (kind === 'Fastify') await application.getHttpAdapter().getInstance().ready()
  const close = async () => {
    await application.close()
    store.close()
  }
  return { server: application.getHttpServer(), close }
}
