import type { Responder } from '@diskcache/adapters/web'
import type { Hono, MiddlewareHandler } from 'hono'

/** Answers from a cache, where it can. `app` is the application as a whole, which makes a stale response anew. */
export function cachedBy(cache: Responder, app: Hono): MiddlewareHandler {
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
    // Otherwise Hono would mix in the fields of what the handlers answered.
    c.res = undefined
    c.res = response
  }
}
