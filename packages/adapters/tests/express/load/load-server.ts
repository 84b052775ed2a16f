/** The server that the load runs against: one way of answering, on a free port of this machine. */
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import express, { type RequestHandler } from 'express'
import { cacheResponses } from '../../../src/express/index.ts'

export type Way = 'bare' | 'uncached' | 'apicache' | 'diskcache'

/** What the route takes without a cache, in milliseconds: a small query to a database. */
const WORK = 5

const [way, directory, size] = process.argv.slice(2) as [Way, string, string]
const body = Buffer.alloc(Number(size), 'x')

function middleware(): RequestHandler {
  if (way === 'diskcache') return cacheResponses(directory)
  if (way === 'apicache') return createRequire(import.meta.url)('apicache').middleware('1 hour')
  return (_req, _res, next) => next()
}

const app = express()
app.get('/', middleware(), async (_req, res) => {
  await delay(WORK)
  res.set('Cache-Control', 'public, max-age=3600').type('text/plain').send(body)
})

const server = createServer(way === 'bare' ? (_req, res) => res.end(body) : app)
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('message', () => {
  globalThis.gc?.()
  process.send?.(process.memoryUsage().rss)
})
process.on('disconnect', () => process.exit())
