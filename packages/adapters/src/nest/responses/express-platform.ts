import type { ServerResponse } from 'node:http'
import type { NodeRequest } from '../../node/node-request.ts'
import type { Platform } from './platform.ts'

/** What Express adds to a request. */
interface ExpressRequest extends NodeRequest {
  readonly app?: { get(name: string): unknown }
}

/** How Express answers, beside the methods of `node:http`. */
const ANSWERS = ['send', 'json', 'render', 'redirect'] as const

/** Returns request and response of Express, which extends those of `node:http`. */
export function expressPlatform(req: ExpressRequest, res: ServerResponse): Platform {
  const trusts = req.app?.get('trust proxy fn') as ((address: unknown, hop: number) => boolean) | undefined
  return {
    ...{ req, res, place: undefined },
    isFromProxy: trusts?.(req.socket.remoteAddress, 0) ?? false,
    showFields: () => () => {},
    silence: () => {
      for (const name of ANSWERS) Object.assign(res, { [name]: () => res })
    },
  }
}
