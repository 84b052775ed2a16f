import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** For tests: links between the pages of a website; `/gone` is broken. */
const LINKS: Readonly<Record<string, readonly string[]>> = {
  '/': ['/a', '/b'],
  '/a': ['/', '/c', '/d'],
  '/b': ['/c', '/gone'],
  '/c': ['/d', '/e'],
  '/d': ['/d'],
  '/e': ['/f', '/'],
  '/f': ['/gone', '/g'],
  '/g': [],
}

export const SMALL_WEBSITE = [...Object.keys(LINKS), '/gone'].sort()

/** For tests: a website that this process serves. It counts how often each path is asked for. */
export async function serveSmallWebsite() {
  const requests = new Map<string, number>()
  const server = createServer(({ url }, response) => {
    const path = url!
    requests.set(path, (requests.get(path) ?? 0) + 1)
    const links = LINKS[path]
    response.statusCode = links ? 200 : 404
    response.end(links?.map((link) => `<a href="${link}">${link}</a>`).join('\n'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
