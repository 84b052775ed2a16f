import type { ServerResponse } from 'node:http'
import type { Client } from '../http/exchange/client.ts'
import type { ResponseHead } from '../http/fields/response-head.ts'

/** Returns the head of a response. Every outgoing message of Node has these methods; not all are declared. */
export function headOf(res: ServerResponse): ResponseHead {
  return res as unknown as ResponseHead
}

/** Returns the client behind a response, whose body is sent by `sending`. */
export function clientOf(
  res: ServerResponse,
  sending: Pick<Client, 'write' | 'end' | 'onDrain'> = directly(res),
): Client {
  return {
    ...sending,
    head: headOf(res),
    get isGone() {
      return res.destroyed
    },
    destroy: () => void res.destroy(),
    onGone: (listener) => {
      res.once('close', listener)
      return () => void res.removeListener('close', listener)
    },
    forbidCoding: () => {
      // `compression` goes by what the client accepts.
      res.req.headers['accept-encoding'] = 'identity'
    },
  }
}

function directly(res: ServerResponse): Pick<Client, 'write' | 'end' | 'onDrain'> {
  return {
    write: (chunk) => res.write(chunk),
    end: (chunk) => void (chunk === undefined ? res.end() : res.end(chunk)),
    onDrain: (listener) => void res.once('drain', listener),
  }
}
