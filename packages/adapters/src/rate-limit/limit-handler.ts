import { checkFunction, type StoreHealth } from '@diskcache/core'
import type { StoreSource } from '../store/open-store.ts'
import type { Field } from './rate-fields.ts'
import { refusalText } from './refusal-text.ts'
import { RequestLimit, type RequestLimitOptions } from './request-limit.ts'

/** The options of {@link limitHandler}. */
export interface LimitHandlerOptions extends RequestLimitOptions<Request> {
  /**
   * Returns for whom a request counts; `undefined` for one that is not limited. A `Request` does not know the address of
   * its client: take what the server, or the platform, says of it.
   */
  key: NonNullable<RequestLimitOptions<Request>['key']>
  /**
   * Answers a request that is refused, with the status that is given: 429, or 503 while the store is away. The fields are
   * added to it. By default the answer is a line of text.
   */
  refuse?: ((request: Request, status: number) => Response | Promise<Response>) | undefined
}

/** Limits handlers, and what an application may do with it. `await using` closes it. */
export interface HandlerLimiter extends AsyncDisposable {
  /** Returns the handler, behind the limit. Further arguments are handed on. */
  wrap<Rest extends readonly unknown[]>(
    handler: (request: Request, ...rest: Rest) => Response | Promise<Response>,
  ): (request: Request, ...rest: Rest) => Promise<Response>
  /** Lets `next` answer the request, or refuses it: for middleware. */
  respond(request: Request, next: () => Response | Promise<Response>): Promise<Response>
  /** Returns how the store does, as far as this process has noticed. */
  health(): StoreHealth
  /** Closes the `Cache` that was opened here; a store that was given stays open. */
  close(): Promise<void>
}

/**
 * Limits how often each client may call, over all processes that use the store, for handlers that take a `Request` and
 * return a `Response`: those of Hono, Next.js, Nitro and others. It is what {@link limitRequests} is for servers of Node.
 *
 * @throws TypeError, RangeError for something that is no store, or an unknown or illegal option
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { limitHandler } from '@diskcache/adapters/rate-limit'
 *
 * const key = (request: Request) => request.headers.get('Authorization') ?? 'nobody'
 * const limit = limitHandler('limits', { name: 'api', count: 100, per: 60_000, key })
 * const handle = limit.wrap(() => new Response('Hello'))
 * const response = await handle(new Request('https://shop.example/'))
 * assert.equal(response.headers.get('RateLimit'), '"api";r=99;t=1')
 * await limit.close()
 * ```
 */
export function limitHandler(source: StoreSource, options: LimitHandlerOptions): HandlerLimiter {
  const limit = new RequestLimit<Request>(source, options, undefined, ['refuse'])
  const { refuse = answer } = options
  checkFunction('refuse', refuse)
  const respond: HandlerLimiter['respond'] = async (request, next) => {
    const { refusal, fields } = await limit.judge(request)
    return withFields(await (refusal === undefined ? next() : refuse(request, refusal)), fields)
  }
  const close = () => limit.close()
  return {
    wrap:
      (handler) =>
      (request, ...rest) =>
        respond(request, () => handler(request, ...rest)),
    respond,
    health: () => limit.health(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function answer(_request: Request, status: number): Response {
  return new Response(refusalText(status), { status })
}

/** The fields of a response that came from `fetch` cannot be changed, but those of a copy can. */
function withFields(response: Response, fields: readonly Field[]): Response {
  try {
    for (const [name, value] of fields) response.headers.append(name, value)
    return response
  } catch {
    const copy = new Response(response.body, response)
    for (const [name, value] of fields) copy.headers.append(name, value)
    return copy
  }
}
