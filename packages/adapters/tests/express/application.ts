import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import compression from 'compression'
import express5, { type Express, type RequestHandler } from 'express'
import express4 from 'express4'
import { type Answer, type Ask, ask } from '../http/http-client.ts'

export type ExpressVersion = 4 | 5

/** Where `compression` stands: not at all, before the cache, or behind it. */
export type CompressionOrder = 'none' | 'before' | 'behind'

export interface ApplicationOptions {
  readonly version?: ExpressVersion
  readonly compression?: CompressionOrder
  /** Middleware before the cache, and before `compression`. */
  readonly before?: readonly RequestHandler[]
  readonly cache: RequestHandler
  /** What comes behind. */
  readonly handlers: (app: Express) => void
}

/** An application on a free port of this machine. */
export class Application implements AsyncDisposable {
  readonly express: Express
  readonly server: Server

  private constructor(express: Express, server: Server) {
    this.express = express
    this.server = server
  }

  static async start(options: ApplicationOptions): Promise<Application> {
    const app = makeExpress(options)
    const server = createServer(app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new Application(app, server)
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  ask(path: string, options?: Ask): Promise<Answer> {
    return ask(this.origin + path, options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

export function newExpress(version: ExpressVersion = 5): Express {
  const app = version === 4 ? (express4 as typeof express5)() : express5()
  // Errors of handlers need not be printed.
  app.set('env', 'test')
  return app
}

function makeExpress({
  version = 5,
  compression: order = 'none',
  before = [],
  cache,
  handlers,
}: ApplicationOptions): Express {
  const app = newExpress(version)
  // Everything is compressed, however short.
  const compress = compression({ threshold: 0 }) as RequestHandler
  for (const middleware of before) app.use(middleware)
  if (order === 'before') app.use(compress)
  app.use(cache)
  if (order === 'behind') app.use(compress)
  handlers(app)
  return app
}
