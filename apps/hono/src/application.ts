import { join } from 'node:path'
import { cacheResponses } from '@diskcache/adapters/web'
import { Cache } from '@diskcache/cache'
import { Hono } from 'hono'
import { csrf } from 'hono/csrf'
import { cacheRoutes } from './cache-routes.ts'
import { cachedBy } from './cached-by.ts'
import { Stations } from './stations.ts'
import { weatherRoutes } from './weather-routes.ts'

/** Bytes that the stored responses may fill. */
const SIZE_LIMIT = 64_000_000

export interface ApplicationOptions {
  /** Where responses and reports are, for all processes that are given the same. */
  readonly directory: string
  /** Whether nobody reaches the application but through a proxy; `false` by default. */
  readonly trustProxy?: boolean | undefined
  /** How long a forecast takes, in milliseconds, 300. */
  readonly forecastTime?: number | undefined
}

export interface Application {
  readonly app: Hono
  /** Closes what it has opened. Requests must have ended. */
  close(): Promise<void>
}

/** The weather service, and the page about its cache. */
export function createApplication(options: ApplicationOptions): Application {
  const { directory, trustProxy = false, forecastTime = 300 } = options
  const reports = new Cache<string, number>(join(directory, 'reports'), { evictionPolicy: 'none' })
  const cache = cacheResponses(join(directory, 'responses'), {
    trustProxy,
    cache: { evictionPolicy: 'least-recently-used', sizeLimit: SIZE_LIMIT },
  })

  const app = new Hono()
  app.use(csrf())
  app.use('/weather/*', cachedBy(cache, app))
  app.route('/weather', weatherRoutes(new Stations(reports.promises, forecastTime), cache))
  app.route('/cache', cacheRoutes(cache))

  const close = async () => {
    await cache.close()
    await reports.promises.close()
  }
  return { app, close }
}
