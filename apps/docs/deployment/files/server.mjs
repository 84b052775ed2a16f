import { createServer } from 'node:http'
import { Cache } from '@diskcache/cache'

const directory = process.env.CACHE_DIRECTORY ?? 'cache-directory'
const sizeLimit = Number(process.env.CACHE_SIZE_LIMIT ?? 200 * 1024 ** 2) // bytes
const cache = new Cache(directory, { sizeLimit }).promises
const SIGNALS = ['SIGTERM', 'SIGINT']

const server = createServer(async (request, response) => {
  if (request.url === '/ready') return response.end('ready') // for probes, without the cache
  try {
    const visits = await cache.incr('visits')
    response.end(JSON.stringify({ pid: process.pid, visits }))
  } catch (error) {
    response.writeHead(503).end(String(error))
  }
})
server.listen(Number(process.env.PORT ?? 3000), process.env.HOST, () => {
  console.log('listening on', server.address().port)
  process.send?.('ready') // for PM2 with wait_ready
})

async function stop(signal) {
  for (const each of SIGNALS) process.off(each, stop) // a second signal, of either kind, ends it at once
  console.log(`${signal}: closing`)
  await new Promise((resolve) => server.close(resolve)) // first: answers what was asked
  await cache.close() // then: commits what was accepted
  console.log('closed')
  if (process.connected) process.disconnect() // a worker of a cluster ends
}

for (const each of SIGNALS) process.on(each, stop)
