import { createServer, type Server } from 'node:http'
import express, { type Request, type Response } from 'express'
import { type CacheResponses, cacheResponses } from '../../src/express/index.ts'

const PAGE = { 'Cache-Control': 'public, max-age=600', ETag: '"a"', Vary: 'Accept-Language' }

export interface FieldServer {
  readonly cache: CacheResponses
  readonly server: Server
}

/** Servers that look at all fields of a request that any option has them look at, by name. */
export const FIELD_SERVERS: Readonly<Record<string, (directory: string) => FieldServer>> = {
  'node:http': (directory) => {
    const cache = open(directory)
    const server = createServer((req, res) => {
      const answer = () => {
        for (const [name, value] of Object.entries(PAGE)) res.setHeader(name, value)
        res.end('page')
      }
      cache(req as Request, res as Response, answer)
    })
    return { cache, server }
  },
  Express: (directory) => {
    const cache = open(directory)
    const app = express()
    app.set('trust proxy', true)
    app.use(cache)
    app.use((_req, res) => void res.set(PAGE).send('page'))
    return { cache, server: createServer(app) }
  },
}

function open(directory: string): CacheResponses {
  return cacheResponses(directory, {
    shareWithCookies: ['consent'],
    shareWithAuthorization: true,
    query: 'sorted',
  })
}
