import type { IncomingMessage, ServerResponse } from 'node:http'
import { checkFunction, type StoreHealth } from '@diskcache/core'
import type { StoreSource } from '../store/open-store.ts'
import { addressKey } from './address-key.ts'
import { refusalText } from './refusal-text.ts'
import { RequestLimit, type RequestLimitOptions, type Verdict } from './request-limit.ts'

/** The options of {@link limitRequests}. */
export interface LimitRequestsOptions<Request extends IncomingMessage = IncomingMessage>
  extends RequestLimitOptions<Request> {
  /**
   * Returns for whom a request counts; `undefined` for one that is not limited. Unless given, it is the address of the
   * connection, by {@link addressKey}: behind a proxy all clients have that of the proxy, and share one limit.
   */
  key?: RequestLimitOptions<Request>['key']
  /**
   * Answers a request that is refused. The fields are set, and `res.statusCode` is 429, or 503 while the store is away. By
   * default the answer is a line of text.
   */
  refuse?: ((req: Request, res: ServerResponse) => void) | undefined
}

/** Middleware that limits requests, and what an application may do with it. `await using` closes it. */
export interface RequestLimiter<Request extends IncomingMessage = IncomingMessage> extends AsyncDisposable {
  /**
   * Lets a request through by calling `next`, or answers it. What the option `key` throws is given to `next`.
   */
  (req: Request, res: ServerResponse, next: (error?: unknown) => void): void
  /** Returns how the store does, as far as this process has noticed. */
  health(): StoreHealth
  /** Closes the `Cache` that was opened here; a store that was given stays open. */
  close(): Promise<void>
}

/**
 * Limits how often each client may call, over all processes that use the store: middleware for Express, and for a bare
 * server of `node:http`. A client has a token bucket: `count` requests at once, and `count` in `per` milliseconds from then
 * on. Answers have the fields `RateLimit-Policy` and `RateLimit` of the standard's draft; who has no token gets the status
 * 429 with `Retry-After`.
 *
 * @throws TypeError, RangeError for something that is no store, or an unknown or illegal option
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { limitRequests } from '@diskcache/adapters/rate-limit'
 *
 * const limit = limitRequests('limits', { name: 'api', count: 100, per: 60_000 })
 * const server = createServer((req, res) => limit(req, res, () => res.end('Hello')))
 * // → app.use(limit), in Express
 * server.close()
 * await limit.close()
 * ```
 */
export function limitRequests<Request extends IncomingMessage = IncomingMessage>(
  source: StoreSource,
  options: LimitRequestsOptions<Request>,
): RequestLimiter<Request> {
  const addressOf = ({ socket }: Request) => addressKey(socket.remoteAddress)
  const limit = new RequestLimit<Request>(source, options, addressOf, ['refuse'])
  const { refuse = answer } = options
  checkFunction('refuse', refuse)
  const handler = (req: Request, res: ServerResponse, next: (error?: unknown) => void) => {
    const go = ({ refusal, fields }: Verdict) => {
      // Something else, such as a time limit, may have answered meanwhile.
      if (!res.headersSent) for (const [name, value] of fields) res.appendHeader(name, value)
      if (refusal === undefined) return next()
      if (res.headersSent) return
      res.statusCode = refusal
      refuse(req, res)
    }
    // Outside of the promise, so that what they throw is the application's own.
    limit.judge(req).then(
      (verdict) => process.nextTick(go, verdict),
      (error) => process.nextTick(next, error),
    )
  }
  const close = () => limit.close()
  return Object.assign(handler, { health: () => limit.health(), close, [Symbol.asyncDispose]: close })
}

function answer(_req: IncomingMessage, res: ServerResponse): void {
  res.setHeader('Content-Type', 'text/plain; charset=utf-8')
  res.end(refusalText(res.statusCode))
}
