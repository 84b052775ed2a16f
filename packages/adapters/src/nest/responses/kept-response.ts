import type { Headers, HeaderValue, HttpExchange } from './http-exchange.ts'

/** A response as it stands in the store. */
export interface KeptResponse {
  readonly body: unknown
  /** The headers that the handler has set. */
  readonly headers: Headers
  /** When the response was made, in epoch milliseconds. */
  readonly time: number
}

/**
 * Headers of the exchange, not of what is exchanged (RFC 9110, 7.6.1); and those that are set anew for each response.
 */
const NOT_KEPT = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'content-length', 'date', 'age', 'x-cache'],
])

/** What the key of a response covers. */
export interface KeepingRules {
  /** Names of request headers that are part of the key. */
  readonly vary: readonly string[]
  /** Whether the response is kept for one user only. */
  readonly isPersonal: boolean
}

/**
 * Returns whether the response may be given to others who send the same request; `before` are the headers before the
 * handler.
 */
export function mayKeep(exchange: HttpExchange, before: Headers, rules: KeepingRules): boolean {
  const headers = exchange.responseHeaders
  if (exchange.status !== 200 || exchange.isAnswered) return false
  if (headers['set-cookie'] !== undefined || headers['content-encoding'] !== undefined) return false
  return !forbids(headers['cache-control'], rules) && isCovered(headers.vary, before.vary, rules)
}

/** Returns what the handler has set beside the body. */
export function headersToKeep(after: Headers, before: Headers): Headers {
  const isNew = ([name, value]: [string, HeaderValue]) =>
    String(before[name]) !== String(value) && !NOT_KEPT.has(name)
  return Object.fromEntries(Object.entries(after).filter(isNew))
}

function forbids(cacheControl: HeaderValue | undefined, { isPersonal }: KeepingRules): boolean {
  // By name only, so that a malformed value forbids, too.
  const names = namesIn(cacheControl).map((directive) => directive.split('=', 1)[0]?.trim())
  return names.some(
    (name) => name === 'no-store' || name === 'no-cache' || (name === 'private' && !isPersonal),
  )
}

/**
 * Returns whether the key has all that the response depends on. Encodings are chosen after us; and what depends on the
 * origin, when CORS has said so before the handler, are headers that are set anew.
 */
function isCovered(
  after: HeaderValue | undefined,
  before: HeaderValue | undefined,
  { vary }: KeepingRules,
): boolean {
  const excused = ['accept-encoding', ...namesIn(before).filter((name) => name === 'origin')]
  return namesIn(after).every((name) => vary.includes(name) || excused.includes(name))
}

function namesIn(value: HeaderValue | undefined): string[] {
  const names = String(value ?? '').split(',')
  return names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '')
}
