import type { Middleware } from 'koa'
import type { CacheResponses } from '../../src/express/index.ts'

/** The middleware of the page on Koa. */
export function koaMiddleware(cache: CacheResponses): Middleware {
  return (ctx, next) => {
    // What the cache looks at, in Koa's own words: what is asked for, and who asks.
    const req = Object.assign(ctx.req, { originalUrl: ctx.originalUrl })
    const res = Object.assign(ctx.res, { locals: ctx.state })
    return new Promise((resolve, reject) => {
      const pass = () => {
        ctx.respond = true
        next().then(resolve, reject)
      }
      // Koa answers only where the cache does not.
      ctx.respond = false
      res.once('close', resolve)
      cache(...([req, res, pass] as unknown as Parameters<CacheResponses>))
    })
  }
}
