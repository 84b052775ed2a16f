import { once } from 'node:events'
import { Agent, createServer, get, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import express, { type RequestHandler } from 'express'
import { cacheResponses } from '../../src/express/index.ts'
import { DiskCacheModule } from '../../src/nest/index.ts'
import { moduleOf } from '../nest/decorate.ts'
import { controllerOf } from '../nest/routes.ts'
import type { Compute, Made, User, UserKind } from './user.ts'

/** How long responses are kept, in milliseconds: for longer than any run. */
const TTL = 600_000

/** Those that send an HTTP request. */
export const REQUESTING_USERS: readonly UserKind[] = [
  {
    name: 'Express',
    control: 'request',
    async open(store, compute) {
      const cache = cacheResponses(store, { ttl: TTL })
      return userOf(application(compute, cache), () => cache.close())
    },
  },
  {
    name: '@CachedResponse',
    control: 'request',
    async open(store, compute) {
      const handler = ({ query }: { readonly query: { readonly key?: string } }) => compute(query.key ?? '')
      const controllers = [
        controllerOf({ values: { handler: (request) => handler(request), options: { ttl: TTL } } }),
      ]
      const module = moduleOf({ imports: [DiskCacheModule.forRoot({ store })], controllers })
      const adapter = new ExpressAdapter()
      const nest = await NestFactory.create(module, adapter, { logger: false, forceCloseConnections: true })
      await nest.init()
      return userOf(adapter.getInstance(), () => nest.close())
    },
  },
]

/** One that sends requests to an application without a cache. */
export async function openRequestControl(compute: Compute): Promise<User> {
  return userOf(application(compute, (_req, _res, next) => next()))
}

function application(compute: Compute, cache: RequestHandler): RequestListener {
  return express().get('/values', cache, async ({ query }, res) => {
    res.json(await compute(String(query.key)))
  })
}

async function userOf(listener: RequestListener, close: () => Promise<void> = async () => {}): Promise<User> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  // A connection that is closed for being idle may have been chosen for the next request.
  server.keepAliveTimeout = 600_000
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true })
  return {
    ask: (key) => request(`http://127.0.0.1:${port}/values?key=${encodeURIComponent(key)}`, agent),
    async [Symbol.asyncDispose]() {
      agent.destroy()
      server.closeAllConnections()
      server.close()
      await close()
    },
  }
}

async function request(url: string, agent: Agent): Promise<Made> {
  const asking = get(url, { agent })
  const [response] = await once(asking, 'response')
  if (response.statusCode !== 200) throw new Error(`${url} was answered with ${response.statusCode}`)
  return (await json(response)) as Made
}
