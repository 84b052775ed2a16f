import { once } from 'node:events'
import { createServer } from 'node:http'
import { Cache } from '@diskcache/cache'
import { getOrSet } from '@diskcache/recipes'
import { askApi } from './weather-api.ts'

const cache = new Cache(process.env.CACHE_DIRECTORY ?? 'weather-cache', {
  sizeLimit: 200 * 1024 ** 2,
  ttl: { min: 540_000, max: 600_000 }, // not all at the same moment
  statistics: true,
}).promises

const server = createServer(async (request, response) => {
  try {
    const { searchParams } = new URL(request.url!, 'http://localhost')
    const city = searchParams.get('city') ?? 'Oslo'
    const weather = await getOrSet(cache, `weather:${city}`, () => askApi(city), { staleFor: 3_600_000 })
    response.end(JSON.stringify(weather))
  } catch (error) {
    console.error(error)
    response.writeHead(502).end('The weather is not to be had')
  }
})
server.listen(Number(process.env.PORT ?? 3000), process.env.HOST ?? '127.0.0.1')
await once(server, 'listening')
console.log('listening on', server.address())

// systemd, Docker and Kubernetes send SIGTERM to end a process; PM2 and Ctrl+C send SIGINT.
process.on('SIGTERM', stop).on('SIGINT', stop)

function stop(): void {
  process.off('SIGTERM', stop).off('SIGINT', stop) // a second signal ends it at once
  server.close(async () => {
    await cache.close()
    console.log('closed')
  })
  server.closeIdleConnections()
}
