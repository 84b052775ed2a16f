import { checkFunction, checkOptions } from '@diskcache/core'
import type { RouteCache } from '../http/http-cache.ts'
import { type Answering, WebExchange, type WebExchangeOptions } from './web-exchange.ts'

/** Answers a request. What it is given beside, each framework decides. */
export type Handler<Req extends Request, Rest extends readonly unknown[]> = (
  request: Req,
  ...rest: Rest
) => Response | Promise<Response>

/** What the cache cannot know of a request by the request alone. */
export interface RespondOptions {
  /**
   * The fields that middleware before has set on the response, such as Hono's `c.res.headers`: it sets them for each
   * request anew, so they are not stored.
   */
  readonly headers?: Headers | undefined
  /**
   * Returns whether the response is one user's own, beside the option `isPersonal`: what a login middleware has found
   * out, such as `() => c.get('user') !== undefined`. Asked before the application answers, and after.
   */
  readonly isPersonal?: (() => boolean) | undefined
  /**
   * Answers a request of nobody, by which a stale response is made anew in the background, as if it had just come: the
   * `fetch` of the application. Left out: nothing is made anew before a client asks for it.
   */
  readonly refresh?: Answering | undefined
  /** Told of work that goes on when the client has its answer, where a platform would end the process before. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined
}

/** How a handler is asked in the background. */
export interface WrapOptions<Rest extends readonly unknown[]> {
  /**
   * Returns what the handler is given beside a request of nobody, from what it was given beside the request that found
   * the response stale, which may say who sent that one. By default the member `params` of an object, such as
   * Next.js gives, and nothing else.
   */
  readonly refreshArguments?: ((...rest: Rest) => [...NoInfer<Rest>]) | undefined
}

/** Answers requests from a cache, or lets the application answer. */
export interface Responder {
  /**
   * Returns a handler that answers from the cache, where it can, and otherwise as the given one does. An argument with a
   * method `waitUntil` is told of work that goes on when the client has its answer.
   *
   * @throws TypeError for what is no handler, or an unknown or illegal option
   */
  wrap<Req extends Request, Rest extends unknown[]>(
    handler: Handler<Req, Rest>,
    options?: WrapOptions<Rest>,
  ): Handler<Req, Rest>
  /**
   * Answers a request from the cache, where it can, and otherwise with what `next` returns: for middleware. `next` is
   * given the request, or one in its place with fewer fields. What it throws, this throws.
   */
  respond(request: Request, next: Answering, options?: RespondOptions): Response | Promise<Response>
}

/** Returns what answers from a cache, as a route has it. */
export function responderOf(
  route: RouteCache<Request, Response | undefined>,
  { isFromProxy, isSilent }: Pick<WebExchangeOptions, 'isFromProxy' | 'isSilent'>,
): Responder {
  const answer: Respond = (request, next, options) => {
    const { headers, isPersonal, refresh: again, waitUntil } = options
    const how = { isFromProxy, isSilent, headers, next, again, isPersonal, waitUntil }
    const exchange = new WebExchange(request, how)
    route.handle(exchange)
    return exchange.response
  }
  const respond: Responder['respond'] = (request, next, options = {}) => {
    checkOptions('the options of respond', options, RESPOND_OPTIONS)
    return answer(request, next, options)
  }
  return { respond, wrap: (handler, options) => wrap(answer, handler, options) }
}

const RESPOND_OPTIONS = ['headers', 'isPersonal', 'refresh', 'waitUntil']

/** As `respond`, with options that need no check. */
type Respond = (request: Request, next: Answering, options: RespondOptions) => Response | Promise<Response>

function wrap<Req extends Request, Rest extends unknown[]>(
  respond: Respond,
  handler: Handler<Req, Rest>,
  options: WrapOptions<Rest> = {},
): Handler<Req, Rest> {
  checkFunction('the handler', handler)
  checkOptions('the options of wrap', options, ['refreshArguments'])
  const { refreshArguments = paramsAlone } = options
  checkFunction('refreshArguments', refreshArguments)
  const answer = (
    request: Request,
    rest: Rest,
    waitUntil: RespondOptions['waitUntil'],
  ): Response | Promise<Response> => {
    const next = (asked: Request) => handler(asked as Req, ...rest)
    const refresh = (own: Request) => answer(own, refreshArguments(...rest), waitUntil)
    return respond(request, next, { refresh, waitUntil })
  }
  return (request, ...rest) => answer(request, rest, waitUntilOf(rest))
}

/** Leaves out what may say who sent a request: its socket, its address, what a platform knows of the client. */
function paramsAlone<Rest extends unknown[]>(...rest: Rest): Rest {
  const holder = rest.find((one) => typeof one === 'object' && one !== null && 'params' in one)
  return (holder === undefined ? [] : [{ params: (holder as { params: unknown }).params }]) as unknown as Rest
}

function waitUntilOf(rest: readonly unknown[]): RespondOptions['waitUntil'] {
  const context = rest.find(
    (one) => typeof (one as { waitUntil?: unknown } | null | undefined)?.waitUntil === 'function',
  ) as { waitUntil(work: Promise<unknown>): void } | undefined
  return context && ((work) => context.waitUntil(work))
}
