import cluster from 'node:cluster'
import { once } from 'node:events'
import { Cache } from '@diskcache/cache'
import { getOrSet } from '@diskcache/recipes'
import { askApi, CITIES } from './weather-api.ts'

await using cache = new Cache('weather-cache').promises

function weatherIn(city: string) {
  const ask = async () => {
    await cache.incr('asked')
    return askApi(city)
  }
  return getOrSet(cache, `weather:${city}`, ask, { ttl: 600_000, staleFor: 3_600_000 })
}

if (cluster.isPrimary) {
  await cache.clear()
  const workers = Array.from({ length: 4 }, () => cluster.fork())
  await Promise.all(workers.map((worker) => once(worker, 'exit')))
  console.log('answers given:', await cache.get('answers'))
  console.log('the API was asked:', await cache.get('asked'))
} else {
  const visits = CITIES.flatMap((city) => Array.from({ length: 100 }, () => city))
  await Promise.all(visits.map(weatherIn))
  await cache.incr('answers', visits.length)
  process.disconnect?.()
}
