import { join } from 'node:path'
import { cacheResponses } from '@diskcache/adapters/fastify'
import { Cache } from '@diskcache/cache'
import Fastify, { type FastifyInstance, type onRequestHookHandler } from 'fastify'
import { cacheRoutes } from './cache-routes.ts'
import { Shop } from './shop.ts'
import { shopRoutes } from './shop-routes.ts'

/** Bytes that the stored responses may fill. */
const SIZE_LIMIT = 64_000_000

export interface ApplicationOptions {
  /** Where responses and prices are, for all processes that are given the same. */
  readonly directory: string
  /** How long a query to the database of the shop takes, in milliseconds, 300. */
  readonly queryTime?: number | undefined
}

/** The shop, and the page about its cache. `close` closes what it has opened. */
export async function createApplication({
  directory,
  queryTime = 300,
}: ApplicationOptions): Promise<FastifyInstance> {
  const app = Fastify({ trustProxy: 'loopback' })
  const prices = new Cache<string, number>(join(directory, 'prices'), { evictionPolicy: 'none' })
  app.addHook('onClose', () => prices.promises.close())
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))),
  )
  app.addHook('onRequest', sameOriginOnly)
  await app.register(cacheResponses, {
    store: join(directory, 'responses'),
    cache: { evictionPolicy: 'least-recently-used', sizeLimit: SIZE_LIMIT },
  })
  app.register(shopRoutes, { shop: new Shop(prices.promises, queryTime) })
  app.register(cacheRoutes, { prefix: '/cache' })
  return app
}

/** No page of another origin can set a price or purge: browsers say where a request comes from. */
const sameOriginOnly: onRequestHookHandler = (request, reply, done) => {
  const site = request.headers['sec-fetch-site']
  const isElsewhere = site !== undefined && site !== 'same-origin' && site !== 'none'
  if (request.method === 'POST' && isElsewhere) reply.code(403).send('From another origin')
  else done()
}
