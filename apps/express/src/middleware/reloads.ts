import type { RequestHandler } from 'express'

/**
 * Makes a reload an ordinary request. With the button a browser sends `max-age=0` or `no-cache`, which a cache has to
 * obey: it would ask the application. Here every change purges what it concerns, so what is stored is right.
 */
export const ignoreReloads: RequestHandler = (req, _res, next) => {
  if (/^(?:max-age=0|no-cache)$/i.test(req.headers['cache-control'] ?? '')) {
    delete req.headers['cache-control']
    delete req.headers.pragma
  }
  next()
}
