import type { RequestHandler } from 'express'

/** Middleware whose `end` throws while `isBroken` says so. */
export function failingEnd(isBroken: () => boolean): RequestHandler {
  return (_req, res, next) => {
    const { end } = res
    res.end = ((...args: Parameters<typeof end>) => {
      if (isBroken()) throw new Error('it fails')
      return end.apply(res, args)
    }) as never
    next()
  }
}
