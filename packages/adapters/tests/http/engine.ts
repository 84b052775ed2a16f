import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RouteCache } from '../../src/http/index.ts'
import { NodeExchange } from '../../src/node/node-exchange.ts'

/** A listener of `node:http` for which the engine answers: nothing of an adapter is between. */
export function listenerOf(
  cache: RouteCache<IncomingMessage, ServerResponse>,
  answer: (req: IncomingMessage, res: ServerResponse) => void,
  owner?: (req: IncomingMessage) => string | null | undefined,
) {
  return (req: IncomingMessage, res: ServerResponse) => {
    const next = () => answer(req, res)
    const exchange = new NodeExchange(req, res, { isFromProxy: false, next, answering: undefined })
    const request = { ...exchange.request, owner: owner?.(req) }
    cache.handle(Object.assign(exchange, { request }))
  }
}
