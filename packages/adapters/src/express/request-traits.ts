import type { Request, Response } from 'express'
import type { HttpRequest } from '../http/rules/http-request.ts'

type Trust = (address: string | undefined, hop: number) => boolean

/**
 * Returns whether the application's `trust proxy` covers whoever sent the request, as for `req.protocol` and
 * `req.host`.
 */
export function isFromProxy(req: HttpRequest): boolean {
  const trusts = (req as Request).app?.get('trust proxy fn') as Trust | undefined
  return trusts?.(req.socket.remoteAddress, 0) ?? false
}

/**
 * Returns whether a login or session middleware has left something on the request: the default of the option
 * `isPersonal`.
 */
export function hasUser(req: Request, res: Response): boolean {
  const { user, session, auth } = req as { user?: unknown; session?: unknown; auth?: unknown }
  return [user, session, auth, res.locals?.user].some((trace) => trace !== undefined && trace !== null)
}
