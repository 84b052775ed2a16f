import cluster from 'node:cluster'
import { once } from 'node:events'
import { Cache } from '@diskcache/cache'
import { askApi, CITIES } from './weather-api.ts'

using cache = new Cache('weather-cache')

if (cluster.isPrimary) {
  cache.clear()
  const workers = Array.from({ length: 4 }, () => cluster.fork())
  await Promise.all(workers.map((worker) => once(worker, 'exit')))
  console.log('answers given:', cache.get('answers'))
  console.log('the API was asked:', cache.get('asked'))
} else {
  const weatherIn = cache.memoize(
    (city: string) => {
      cache.incr('asked')
      return askApi(city)
    },
    { name: 'weather', ttl: 600_000 },
  )
  for (const city of CITIES) {
    await weatherIn(city)
    cache.incr('answers')
  }
  process.disconnect?.()
}
