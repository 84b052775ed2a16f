import type { Hono, MiddlewareHandler } from 'hono'
import type { Responder } from '../../src/web/index.ts'

/** The middleware of the page on web handlers. */
export function honoMiddleware(cache: Responder, app: Hono): MiddlewareHandler {
  return async (c, next) => {
    const answer = async (request: Request) => {
      c.req.raw = request
      await next()
      return c.res
    }
    const response = await cache.respond(c.req.raw, answer, {
      headers: c.res.headers,
      isPersonal: () => c.get('user') !== undefined,
      refresh: (request) => app.fetch(request),
    })
    c.res = undefined
    c.res = response
  }
}
