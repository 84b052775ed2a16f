import { askApi, CITIES } from './weather-api.ts'

console.time('the report')
for (const city of CITIES) console.log(await askApi(city))
console.timeEnd('the report')
