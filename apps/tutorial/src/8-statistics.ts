import { channel } from 'node:diagnostics_channel'
import { Cache } from '@diskcache/cache'
import { askApi, CITIES } from './weather-api.ts'

using cache = new Cache('weather-cache', { statistics: true })
const weatherIn = cache.memoize(askApi, { name: 'weather', ttl: 600_000 })

channel('diskcache:get').subscribe((message) => {
  const { key, reason } = message as { key: string; reason: 'hit' | 'miss' }
  console.log(reason, key)
})

cache.evict({ untagged: true })
for (const city of [...CITIES, ...CITIES]) await weatherIn(city)

const { hits, misses } = cache.stats()
console.log('in all processes:', { hits, misses })
