import { Cache } from '@diskcache/cache'
import { askApi, CITIES } from './weather-api.ts'

using cache = new Cache('weather-cache')
cache.clear() // what was kept before has neither a time nor a tag

const weatherIn = cache.memoize(askApi, {
  name: 'weather',
  ttl: ({ degrees }) => (degrees < 30 ? 60_000 : 600_000), // cold weather changes sooner
  tag: 'weather',
})
for (const city of CITIES) await weatherIn(city)

const entry = cache.getEntry(weatherIn.cacheKey('Lima')) // the last one that was asked for
console.log('Lima is kept for', Math.ceil((entry!.expireTime! - Date.now()) / 1_000), 's')

console.log('forgotten by its arguments:', weatherIn.forget('Oslo'))
console.log('forgotten by the tag:', cache.evict('weather'))
