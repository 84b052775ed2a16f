import type { IncomingMessage, ServerResponse } from 'node:http'
import type { OwnRequest } from '../http/exchange/exchange.ts'
import type { NodeRequest } from './node-request.ts'
import { type OwnParts, syntheticExchange } from './synthetic-exchange.ts'

/** Answers a request from the very beginning, as if it had just come. */
export type Answering = (req: IncomingMessage, res: ServerResponse) => unknown

/** Makes a request of nobody: for the same URL, with these fields and no others. */
export function ownRequest(
  original: NodeRequest,
  { answering, ...parts }: OwnParts & { readonly answering: Answering },
): OwnRequest {
  const { req, res } = syntheticExchange(original, parts)
  const send = async (signal: AbortSignal) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = () => res.destroy()
    signal.addEventListener('abort', stop)
    res.once('finish', resolve).once('close', resolve)
    try {
      answering(req, res)
      await promise
    } finally {
      signal.removeEventListener('abort', stop)
      res.destroy()
    }
  }
  return { key: req, send }
}

/** Returns how the server of a request answers requests; `undefined` for one that came from no server. */
export function serverAnswering(req: IncomingMessage): Answering | undefined {
  const { server } = req.socket as { server?: NodeJS.EventEmitter }
  return server && ((req, res) => server.emit('request', req, res))
}
