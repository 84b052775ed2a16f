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

/**
 * The framework, and how it answers: with the bytes, with the object that they are made of, from a cache, or with the bytes
 * behind a cache that may store nothing.
 */
export type DoorWay = `${'fastify' | 'handler' | 'hono'} ${'alone' | 'object' | 'hit' | 'no-store'}`

const OBJECT = slowBody()
const BODY = Buffer.from(JSON.stringify(OBJECT))
const TYPE = 'application/json; charset=utf-8'

/** Serves the route on a free port. */
export async function doorService(settings: { way: DoorWay; directory: string }): Promise<Service> {
  const [framework, how] = settings.way.split(' ') as [string, string]
  const control = how === 'hit' ? 'public, max-age=3600' : 'no-store'
  const answer: Answer = {
    store: how === 'hit' || how === 'no-store' ? settings.directory : undefined,
    headers: { 'Content-Type': TYPE, 'Cache-Control': control },
    isObject: how === 'object',
  }
  return framework === 'fastify' ? fastifyService(answer) : handlerService(framework, answer)
}

interface Answer {
  /** The directory of the cache; `undefined` for none. */
  readonly store: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly isObject: boolean
}

async function fastifyService({ store, headers, isObject }: Answer): Promise<Service> {
  const app = Fastify()
  if (store !== undefined) await app.register(fastifyPlugin, { store })
  app.get('/', (_request, reply) => void reply.headers(headers).send(isObject ? OBJECT : BODY))
  return serviceAt(`${await app.listen({ port: 0, host: '127.0.0.1' })}/`)
}

async function handlerService(framework: string, answer: Answer): Promise<Service> {
  const handler = framework === 'hono' ? honoHandler(answer) : bareHandler(answer)
  const fetch = answer.store === undefined ? handler : cacheHandlers(answer.store).wrap(handler)
  const server = createServer(getRequestListener(fetch as (request: Request) => Promise<Response>))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return serviceAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

type Handler = (request: Request) => Response | Promise<Response>

function honoHandler({ headers, isObject }: Answer): Handler {
  const app = new Hono()
  if (isObject) app.get('/', (c) => c.json(OBJECT, 200, headers))
  else app.get('/', (c) => c.body(BODY, 200, headers))
  return app.fetch
}

function bareHandler({ headers, isObject }: Answer): Handler {
  return isObject ? () => Response.json(OBJECT, { headers }) : () => new Response(BODY, { headers })
}
