import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Request, Response } from 'express'
import { cacheResponses } from '../../src/express/index.ts'
import { type ExpressVersion, newExpress } from '../express/application.ts'
import { ask } from './http-client.ts'
import type { Platform, Reply, Running } from './platform.ts'

/** All platforms. */
export const PLATFORMS: readonly Platform[] = [express(5), express(4), bare()]

function express(version: ExpressVersion): Platform {
  return {
    name: `Express ${version}`,
    start: async ({ store, options, reply }) => {
      const cache = cacheResponses(store, options)
      const app = newExpress(version)
      app.use(cache)
      app.use(async (req, res, next) => {
        try {
          send(res, await reply(req))
        } catch (error) {
          next(error)
        }
      })
      return listen(app, cache)
    },
  }
}

/** Of `node:http` alone. */
function bare(): Platform {
  return {
    name: 'node:http',
    start: async ({ store, options, reply }) => {
      const cache = cacheResponses(store, options)
      const answer = async (req: Request, res: Response) => {
        try {
          send(res, await reply(req))
        } catch {
          res.writeHead(500).end()
        }
      }
      return listen(
        (req, res) =>
          void cache(req as Request, res as Response, () => answer(req as Request, res as Response)),
        cache,
      )
    },
  }
}

/** Sends a reply with what `node:http` has. */
export function send(res: ServerResponse, { status = 200, headers = {}, body }: Reply): void {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value as string)
  res.statusCode = status
  res.end(body)
}

/** Starts a server, which closes the cache, too. */
export async function listen(
  handler: Parameters<typeof createServer>[1] & object,
  cache: { close(): Promise<void> },
): Promise<Running> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ask: (path, options) => ask(origin + path, options),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await cache.close()
    },
  }
}
