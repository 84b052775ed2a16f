import type { RequestHandler } from 'express'
import { isForLoopback } from './loopback.ts'

/**
 * Gives this machine one name, whatever port a process listens on, as a load balancer does. The cache tells responses
 * apart by host and port: without this, no process would answer with what another has stored.
 */
export function oneHost(host: string): RequestHandler {
  return (req, _res, next) => {
    if (isForLoopback(req)) req.headers.host = host
    next()
  }
}
