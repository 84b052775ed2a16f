import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request } from 'express'
import type { Answering } from '../node/own-request.ts'

type Trust = (address: string | undefined, hop: number) => boolean
type Application = ((req: IncomingMessage, res: ServerResponse) => unknown) & { parent?: Application }

/**
 * Returns whether the application's `trust proxy` covers whoever sent the request, as for `req.protocol` and
 * `req.host`.
 */
export function isFromProxy(req: Request): boolean {
  const trusts = req.app?.get('trust proxy fn') as Trust | undefined
  return trusts?.(req.socket.remoteAddress, 0) ?? false
}

/** Returns how the application that is mounted in no other answers; `undefined` outside of Express. */
export function applicationAnswering(req: Request): Answering | undefined {
  let application = req.app as unknown as Application | undefined
  while (application?.parent !== undefined) application = application.parent
  return application
}
