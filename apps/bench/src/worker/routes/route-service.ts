import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cacheResponses } from '@diskcache/adapters/express'
import express, { type RequestHandler } from 'express'
import type { Service } from '../service.ts'
import { serviceAt } from './pressed-service.ts'
import { slowBody } from './slow-body.ts'

/**
 * How a route answers: without Express, by `res.end` or `res.send` of the bytes, from a cache, by a slow handler each time;
 * and, behind a cache that every request passes, by `res.send` again.
 */
export type Way = 'bare' | 'end' | 'send' | 'diskcache' | 'apicache' | 'uncached' | 'passing'

const BODY = Buffer.from(JSON.stringify(slowBody()))
const TYPE = 'application/json; charset=utf-8'

/** Serves the route on a free port. */
export async function routeService(settings: { way: Way; directory: string }): Promise<Service> {
  const server = createServer(settings.way === 'bare' ? sendBytes : await application(settings))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return serviceAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

const sendBytes: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': TYPE, 'content-length': BODY.length }).end(BODY)
}

async function application({ way, directory }: { way: Way; directory: string }): Promise<RequestListener> {
  const app = express()
  if (way === 'passing' || way === 'diskcache') app.use(cacheResponses(directory))
  if (way === 'apicache') app.use((await import('apicache')).default.middleware('1 hour') as RequestHandler)
  return app.get('/', (request, response) => {
    if (way === 'end') return sendBytes(request, response)
    response.set({ 'Cache-Control': 'public, max-age=3600', 'Content-Type': TYPE })
    if (way === 'send' || way === 'passing') response.send(BODY)
    else response.json(slowBody())
  })
}
