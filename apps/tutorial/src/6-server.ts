import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Cache } from '@diskcache/cache'
import { getOrSet } from '@diskcache/recipes'
import { askApi } from './weather-api.ts'

await using cache = new Cache('weather-cache').promises

const server = createServer(async (request, response) => {
  const city = new URL(request.url!, 'http://localhost').searchParams.get('city') ?? 'Oslo'
  const weather = await getOrSet(cache, `weather:${city}`, () => askApi(city), { ttl: 600_000 })
  response.end(JSON.stringify(weather))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')

// Somebody who asks, two hundred times.
const { port } = server.address() as AddressInfo
const visits = Array.from({ length: 200 }, () => fetch(`http://127.0.0.1:${port}/?city=Rome`))
const answers = await Promise.all(visits)
console.log(answers.length, 'answers, such as', await answers[0]!.text())

server.close()
server.closeAllConnections()
