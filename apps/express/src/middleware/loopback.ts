import type { Request, RequestHandler } from 'express'

const NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether the request is for this machine under one of its own names. A website can have its name resolve to 127.0.0.1,
 * but its pages still send that name in `Host`.
 */
export function isForLoopback(req: Request): boolean {
  return NAMES.has(req.hostname)
}

/** Refuses what comes from elsewhere, or under another name. */
export const loopbackOnly: RequestHandler = (req, res, next) => {
  const isFromHere = /^(?:::ffff:)?127\.|^::1$/.test(req.socket.remoteAddress ?? '')
  if (isFromHere && isForLoopback(req)) return next()
  res.status(403).type('text').send('Only for this machine')
}
