import type { IncomingHttpHeaders } from 'node:http'
import { CacheControl } from '../fields/cache-control.ts'
import { type Preconditions, preconditionsOf } from '../fields/preconditions.ts'
import type { SelectingField } from './field-rules.ts'
import type { HttpRequest } from './http-request.ts'
import { type Identity, identityOf, type SharingRules } from './identity.ts'
import { withQuery } from './target/query.ts'
import { nameOf, type Target, type TargetName, type TargetRules, targetOf } from './target/target.ts'

/**
 * A `GET` or `HEAD` as it came to the cache. What handlers and routers make of the request later does not change it.
 */
export interface CacheRequest extends TargetName {
  readonly isHead: boolean
  readonly target: Target
  readonly headers: IncomingHttpHeaders
  /** What earlier middleware has made of path and query; `undefined` when they are as the client sent them. */
  readonly rewritten: string | undefined
  /** What the application tells variants apart by; `undefined` for nothing. */
  readonly key: string | undefined
  /** The fields that tell variants apart, whatever the response says. */
  readonly selecting: readonly SelectingField[]
  /** The languages that the application has, in lower case; `undefined` when it does not say. */
  readonly languages: readonly string[] | undefined
  readonly directives: CacheControl
  readonly preconditions: Preconditions
  /** How the request says who asks; `undefined` when it does not. */
  readonly identity: Identity | undefined
  /** When the request came, in epoch milliseconds. */
  readonly time: number
}

const NO_CACHE = CacheControl.parse('no-cache') as CacheControl

/** Fields that make a request one for the application alone. */
const NOT_FOR_CACHES: readonly (readonly [name: string, detail: string])[] = [
  ['if-match', 'if-match'],
  ['if-unmodified-since', 'if-unmodified-since'],
  ['upgrade', 'upgrade'],
  ['transfer-encoding', 'body'],
]

export interface RequestRules {
  readonly target: TargetRules
  readonly sharing: SharingRules
  readonly languages: readonly string[] | undefined
  /** Returns the present in epoch milliseconds. */
  readonly now: () => number
}

/** Returns the request, or in one word why it has to go past the cache. `key` is what the application adds. */
export function cacheRequestOf(
  req: HttpRequest,
  rules: RequestRules,
  key: string | undefined,
): CacheRequest | string {
  const detail = NOT_FOR_CACHES.find(([name]) => req.headers[name] !== undefined)?.[1]
  if (detail !== undefined) return detail
  if (Number(req.headers['content-length'] ?? 0) !== 0) return 'body'
  if (/\btext\/event-stream\b/i.test(req.headers.accept ?? '')) return 'event-stream'
  if (req.owner === null) return 'owner'
  // Who asks is known, and gets what is theirs.
  const identity = req.owner === undefined ? identityOf(req, rules.sharing) : undefined
  if (identity?.isAllowed === false) return identity.detail
  const target = targetOf(req, rules.target)
  if (target === undefined) return 'host'
  const headers = { ...req.headers }
  const { id, spelling } = nameOf(target)
  return {
    isHead: req.method === 'HEAD',
    target,
    id,
    headers,
    rewritten: req.rewritten && withQuery(req.rewritten, rules.target.query),
    spelling,
    key,
    selecting: rules.sharing.fields.selecting(headers),
    languages: rules.languages,
    directives: directivesOf(headers),
    preconditions: preconditionsOf(headers),
    identity,
    time: rules.now(),
  }
}

/**
 * Returns the directives of a request. `Pragma` counts where there is no `Cache-Control` (RFC 9111, 5.4). A client that
 * cannot say what it wants gets what is sure to be right.
 */
function directivesOf(headers: IncomingHttpHeaders): CacheControl {
  if (headers['cache-control'] !== undefined) return CacheControl.parse(headers['cache-control']) ?? NO_CACHE
  return /no-cache/i.test(String(headers.pragma ?? '')) ? NO_CACHE : CacheControl.NONE
}
