import { Cache } from '@diskcache/cache'
import { askApi, CITIES } from './weather-api.ts'

using cache = new Cache('weather-cache')
const weatherIn = cache.memoize(askApi, { name: 'weather' })

console.time('the report')
for (const city of CITIES) console.log(await weatherIn(city))
console.timeEnd('the report')
