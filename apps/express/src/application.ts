import { join } from 'node:path'
import { cacheResponses } from '@diskcache/adapters/express'
import { Cache } from '@diskcache/cache'
import compression from 'compression'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { loopbackOnly } from './middleware/loopback.ts'
import { oneHost } from './middleware/one-host.ts'
import { ignoreReloads } from './middleware/reloads.ts'
import { sameOriginOnly } from './middleware/same-origin.ts'
import { securityHeaders } from './middleware/security-headers.ts'
import { messagePage } from './pages/message-page.ts'
import { accountRoutes } from './routes/account-routes.ts'
import { cacheRoutes } from './routes/cache-routes.ts'
import { shopRoutes } from './routes/shop-routes.ts'
import { Catalogue } from './shop/catalogue.ts'
import { Orders } from './shop/orders.ts'
import { Sessions } from './shop/sessions.ts'
import { Traffic } from './traffic.ts'

/** The name of the shop, in all processes. */
const HOST = 'prints.localhost'

/** Bytes that the stored responses may fill. */
const SIZE_LIMIT = 64_000_000

const PUBLIC = join(import.meta.dirname, '../public')

export interface ApplicationOptions {
  /** Where responses and data are, for all processes that are given the same. */
  readonly directory: string
  /** How long a query to the database of the shop takes, in milliseconds, 300. */
  readonly queryTime?: number | undefined
  /** The present in epoch milliseconds, `Date.now`; for tests. */
  readonly clock?: (() => number) | undefined
}

export interface Application {
  readonly express: Express
  /** Closes what it has opened. Requests must have ended. */
  close(): Promise<void>
}

/** The shop, and the page about its cache. */
export function createApplication(options: ApplicationOptions): Application {
  const { directory, queryTime = 300, clock = Date.now } = options
  const data = new Cache(join(directory, 'data'), { evictionPolicy: 'none' })
  const cache = new Cache(join(directory, 'responses'), {
    evictionPolicy: 'least-recently-used',
    sizeLimit: SIZE_LIMIT,
    tagIndex: true,
  })
  // Pages that say `public` are the same for everybody: also for those who have a cookie from logging in.
  const responses = cacheResponses(cache, { hosts: [HOST], shareWithCookies: true, clock })
  const traffic = new Traffic()
  const catalogue = new Catalogue(data.promises, queryTime)
  const sessions = new Sessions(data.promises)
  const orders = new Orders(data.promises)

  const app = express()
  app.disable('x-powered-by')
  app.use(securityHeaders, compression(), express.static(PUBLIC), sameOriginOnly)
  app.use('/cache', loopbackOnly, cacheRoutes({ cache, responses, traffic }))
  app.use(traffic.count(), oneHost(HOST), ignoreReloads, responses)
  app.use(shopRoutes({ catalogue, sessions, responses, queryTime }))
  app.use('/account', accountRoutes({ catalogue, orders, sessions, responses }))
  app.use(notFound, failure)

  const close = async () => {
    await responses.close()
    await Promise.all([cache.promises.close(), data.promises.close()])
  }
  return { express: app, close }
}

const notFound: RequestHandler = (_req, res) => {
  res.status(404).set('Cache-Control', 'no-store').send(messagePage('Not found', 'There is no such page.'))
}

/** Express finds errors by the number of parameters, so the last one has to be there. */
const failure: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error)
  const status: unknown = error?.status
  const isTheirs = typeof status === 'number' && status >= 400 && status < 500
  if (!isTheirs) console.error(error)
  res
    .status(isTheirs ? status : 500)
    .set('Cache-Control', 'no-store')
    .send(messagePage('This did not work', 'Try it again.'))
}
