/** A route that answers in one way, on a free port: `express-server.ts WAY DIRECTORY`. Tells its parent the port. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cacheResponses } from '@diskcache/adapters/express'
import express, { type RequestHandler } from 'express'
import type { Way } from './express-way.ts'
import { slowBody } from './slow-body.ts'

const [way, directory] = process.argv.slice(2) as [Way, string]

async function middleware(): Promise<RequestHandler> {
  if (way === 'diskcache') return cacheResponses(directory)
  if (way === 'apicache') return (await import('apicache')).default.middleware('1 hour') as RequestHandler
  return (_request, _response, next) => next()
}

const app = express()
app.get('/', await middleware(), (_request, response) => {
  response.set('Cache-Control', 'public, max-age=3600').json(slowBody())
})

const body = Buffer.from(JSON.stringify(slowBody()))
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length }
const server = createServer(
  way === 'bare' ? (_, response) => response.writeHead(200, headers).end(body) : app,
)
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))

// Asked for its memory, it gives the bytes that it needs, without what is garbage.
process.on('message', () => {
  globalThis.gc?.()
  process.send?.(process.memoryUsage().rss)
})
process.on('disconnect', () => process.exit())
