import type { Request, RequestHandler } from 'express'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses unsafe requests that pages of other origins make. Every browser tells where a request comes from; who tells
 * nothing is no browser, and has no login that another page could use.
 */
export const sameOriginOnly: RequestHandler = (req, res, next) => {
  if (SAFE_METHODS.has(req.method) || isFromHere(req)) return next()
  res.status(403).type('text').send('Only from pages of this site')
}

function isFromHere(req: Request): boolean {
  const { origin, 'sec-fetch-site': site } = req.headers
  if (site !== undefined) return site === 'same-origin'
  return origin === undefined || origin === `${req.protocol}://${req.headers.host}`
}
