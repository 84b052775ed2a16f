import { Get, type INestApplication, Req, Res } from '@nestjs/common'
import { CachedResponse, type CachedResponseOptions } from '../../src/nest/index.ts'
import type { Applications, Kind } from './application.ts'
import { Client } from './client.ts'
import { controller, decorate, decorateParameter } from './decorate.ts'

/** A request, as far as both platforms have it alike. */
export interface AnyRequest {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly query: Readonly<Record<string, string | undefined>>
  readonly protocol: string
  readonly host: string
  user?: unknown
}

/** A response, as far as both platforms have it alike. */
export interface AnyResponse {
  header(name: string, value: unknown): this
  status(code: number): this
  send(body?: unknown): unknown
}

export type Handler = (request: AnyRequest, response: AnyResponse) => unknown

export interface Route {
  readonly handler: Handler
  readonly options?: CachedResponseOptions<AnyRequest>
  /** What is written above `@CachedResponse`. */
  readonly decorators?: readonly Parameters<typeof decorate>[2][]
  /** Whether Nest sends what the handler returns, as it does by default. */
  readonly passthrough?: boolean
}

/** A controller at `/`, whose handlers are given request and response. */
export function controllerOf(routes: Readonly<Record<string, Route>>): new () => object {
  class Routes {}
  for (const [name, route] of Object.entries(routes)) {
    const { handler, options = { ttl: 60_000 }, decorators = [], passthrough = true } = route
    const value = {
      [name]: async (request: AnyRequest, response: AnyResponse) => handler(request, response),
    }[name]
    Object.defineProperty(Routes.prototype, name, { value, configurable: true, writable: true })
    decorate(Routes.prototype, name, ...decorators, Get(name), CachedResponse(options))
    decorateParameter(Routes.prototype, name, 0, Req())
    decorateParameter(Routes.prototype, name, 1, Res({ passthrough }))
  }
  controller('', Routes)
  return Routes
}

/** Starts an application with these routes. */
export async function serve(
  applications: Applications,
  kind: Kind,
  routes: Readonly<Record<string, Route>>,
  configure?: (application: INestApplication) => void,
): Promise<Client> {
  return Client.of(await applications.start({ controllers: [controllerOf(routes)] }, {}, configure, kind))
}

/** A handler that tells how often it was called. */
export function counter(): Handler & { calls: number } {
  const handler = Object.assign(() => ({ calls: ++handler.calls }), { calls: 0 })
  return handler
}
