import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cacheResponses as fastifyPlugin } from '@diskcache/adapters/fastify'
import { cacheResponses as cacheHandlers } from '@diskcache/adapters/web'
import { getRequestListener } from '@hono/node-server'
import Fastify from 'fastify'
import { Hono } from 'hono'
import type { Service } from '../service.ts'
import { serviceAt } from './pressed-service.ts'
import { slowBody } from './slow-body.ts'

/** The framework, and how it answers: of itself, from a cache, or of itself behind a cache that may store nothing. */
export type DoorWay = `${'fastify' | 'handler' | 'hono'} ${'alone' | 'hit' | 'no-store'}`

const BODY = Buffer.from(JSON.stringify(slowBody()))
const TYPE = 'application/json; charset=utf-8'

/** Serves the route on a free port. */
export async function doorService(settings: { way: DoorWay; directory: string }): Promise<Service> {
  const [framework, how] = settings.way.split(' ') as [string, string]
  const control = how === 'hit' ? 'public, max-age=3600' : 'no-store'
  const store = how === 'alone' ? undefined : settings.directory
  const headers = { 'Content-Type': TYPE, 'Cache-Control': control }
  return framework === 'fastify' ? fastifyService(store, headers) : handlerService(framework, store, headers)
}

type Headers = Readonly<Record<string, string>>

async function fastifyService(store: string | undefined, headers: Headers): Promise<Service> {
  const app = Fastify()
  if (store !== undefined) await app.register(fastifyPlugin, { store })
  app.get('/', (_request, reply) => void reply.headers(headers).send(BODY))
  return serviceAt(`${await app.listen({ port: 0, host: '127.0.0.1' })}/`)
}

async function handlerService(
  framework: string,
  store: string | undefined,
  headers: Headers,
): Promise<Service> {
  const app = new Hono().get('/', (c) => c.body(BODY, 200, headers))
  const handler = framework === 'hono' ? app.fetch : () => new Response(BODY, { headers })
  const fetch = store === undefined ? handler : cacheHandlers(store).wrap(handler)
  const server = createServer(getRequestListener(fetch as (request: Request) => Promise<Response>))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return serviceAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}
