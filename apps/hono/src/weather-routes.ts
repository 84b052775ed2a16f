import type { CacheResponses } from '@diskcache/adapters/web'
import { Hono } from 'hono'
import type { Stations } from './stations.ts'

/** Shared caches may answer for five minutes; browsers have to ask each time, since no purge reaches them. */
const FOR_ALL = 'public, max-age=0, s-maxage=300, stale-while-revalidate=60'

/** The weather of a city, for everybody, and the reports of its station. */
export function weatherRoutes(stations: Stations, cache: CacheResponses): Hono {
  const routes = new Hono()

  routes.get('/:city', async (c) => {
    const weather = await stations.weather(c.req.param('city'))
    if (weather === undefined) return c.notFound()
    return c.json(weather, 200, { 'Cache-Control': FOR_ALL, 'Cache-Tag': weather.city })
  })

  routes.post('/:city', async (c) => {
    const city = c.req.param('city')
    const degrees = Number((await c.req.parseBody()).degrees)
    if (!(Math.abs(degrees) < 100)) return c.text('degrees is a temperature in degrees Celsius', 400)
    if (!(await stations.report(city, degrees))) return c.notFound()
    // In all processes, also what is being made just now.
    await cache.purge({ tag: city })
    return c.redirect(`/weather/${city}`, 303)
  })

  return routes
}
