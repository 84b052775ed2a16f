import { type HeaderValue, joined, tokens, trimmed } from '../fields/header-values.ts'
import type { CacheRequest } from './cache-request.ts'
import { digest } from './digest.ts'
import { isPersonalHeader } from './identity.ts'

/**
 * Fields by which proxies and frameworks change what a request is about. An application that believes them, or mirrors
 * them, would let one client choose what others get, so they always tell variants apart.
 */
const ALWAYS: readonly string[] = [
  'forwarded',
  'front-end-https',
  'x-forwarded',
  'x-forwarded-host',
  'x-forwarded-method',
  'x-forwarded-path',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
  'x-forwarded-protocol',
  'x-forwarded-scheme',
  'x-forwarded-server',
  'x-forwarded-ssl',
  'x-forwarded-uri',
  'x-host',
  'x-http-host-override',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-host',
  'x-original-method',
  'x-original-uri',
  'x-original-url',
  'x-rewrite-url',
  'x-url-scheme',
]

/**
 * The most fields by which variants may be told apart. More would rather be a mistake, and a burden on each look-up.
 */
const MAX_SELECTING_NAMES = 16

/**
 * Returns the request fields that select this response among others of its URL (RFC 9111, 4.1), in order, or
 * `undefined` when it must not be selected at all, because it depends on everything, or on who asks.
 */
export function selectingNames(headers: Readonly<Record<string, HeaderValue>>): string[] | undefined {
  const names = new Set([...tokens(headers.vary), ...impliedNames(headers)])
  const isTooMuch = names.has('*') || names.size > MAX_SELECTING_NAMES
  return isTooMuch || [...names].some(isPersonalHeader) ? undefined : [...names].sort()
}

/** Returns fields that responses often depend on without saying so. */
function impliedNames(headers: Readonly<Record<string, HeaderValue>>): string[] {
  const encoding = joined(headers['content-encoding'])?.trim().toLowerCase()
  const origin = joined(headers['access-control-allow-origin'])?.trim()
  return [
    ...(encoding === undefined || encoding === 'identity' ? [] : ['accept-encoding']),
    ...(origin === undefined || origin === '*' ? [] : ['origin']),
  ]
}

/** Returns what requests that get one variant have in common. The values themselves are not kept. */
export function selectionOf(names: readonly string[], request: CacheRequest): string {
  const values = [...ALWAYS, ...names].map((name) => normalised(request.headers[name]))
  return digest([request.rewritten, ...names, ...values])
}

/** Returns the fields that a request needs to get the same variant as this one. */
export function selectingHeaders(names: readonly string[], request: CacheRequest): Record<string, string> {
  const present = [...ALWAYS, ...names].map((name) => [name, joined(request.headers[name])] as const)
  return Object.fromEntries(
    present.filter((pair): pair is readonly [string, string] => pair[1] !== undefined),
  )
}

/** Returns a value without the white space around commas, which means nothing in any field (RFC 9111, 4.1). */
function normalised(value: HeaderValue): string | undefined {
  return joined(value)?.split(',').map(trimmed).join(',')
}
