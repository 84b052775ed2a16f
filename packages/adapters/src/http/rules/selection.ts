import { type HeaderValue, joined, MAX_SPELLED_LENGTH, tokens, trimmed } from '../fields/header-values.ts'
import type { CacheRequest } from './cache-request.ts'
import { digest } from './digest.ts'
import type { FieldRules } from './field-rules.ts'
import { codingsOf, languagesOf } from './negotiation.ts'

/**
 * The most fields by which variants may be told apart. More would rather be a mistake, and a burden on each look-up.
 */
const MAX_SELECTING_NAMES = 16

/**
 * Returns the request fields that select this response among others of its URL (RFC 9111, 4.1), in order, or
 * `undefined` when it must not be selected at all, because it depends on everything, or on who asks.
 */
export function selectingNames(
  headers: Readonly<Record<string, HeaderValue>>,
  fields: FieldRules,
): string[] | undefined {
  const names = new Set([...tokens(headers.vary), ...impliedNames(headers)])
  const isTooMuch = names.has('*') || names.size > MAX_SELECTING_NAMES
  return isTooMuch || [...names].some((name) => fields.isPersonal(name)) ? undefined : [...names].sort()
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
  const { rewritten, spelling, key, selecting } = request
  const implied = selecting.flatMap(({ name, value }) => [name, normalised(value)])
  const named = names.flatMap((name) => [name, selectingValue(name, request)])
  return digest([rewritten, spelling, key, String(selecting.length), ...implied, ...named])
}

/** Returns the fields that a request needs to get the same variant as this one. */
export function selectingHeaders(names: readonly string[], request: CacheRequest): Record<string, string> {
  const named = names.map((name) => [name, joined(request.headers[name])] as const)
  return Object.fromEntries([
    ...request.selecting.map(({ name, value }) => [name, value] as const),
    ...named.filter((pair): pair is readonly [string, string] => pair[1] !== undefined),
  ])
}

/**
 * Returns whether anybody could have made this variant up: by fields that the application has not named, and that say
 * something else than the URL, or by another spelling of the URL.
 */
export function isMadeUp({ selecting, spelling, target }: CacheRequest): boolean {
  const says = selecting.filter(({ isChosen }) => !isChosen)
  return spelling !== undefined || says.some(({ name, value }) => !isRedundant(name, value, target))
}

/** Returns whether a field only repeats what is known of the request. */
function isRedundant(name: string, value: string, { scheme, host }: CacheRequest['target']): boolean {
  const text = value.toLowerCase()
  const port = /:(\d+)$/.exec(host)?.[1] ?? (scheme === 'https' ? '443' : '80')
  const expected: Readonly<Record<string, readonly string[]>> = {
    forwarded: [`host="${host}";proto="${scheme}"`, `proto="${scheme}";host="${host}"`, `proto="${scheme}"`],
    'cf-visitor': [`{"scheme":"${scheme}"}`],
    'x-forwarded-host': [host],
    'x-forwarded-port': [port],
    'x-forwarded-proto': [scheme],
    'x-forwarded-scheme': [scheme],
    'x-scheme': [scheme],
  }
  return expected[name]?.includes(text) ?? false
}

function selectingValue(name: string, { headers, languages }: CacheRequest): string | undefined {
  const value = joined(headers[name])
  if (value === undefined) return undefined
  if (name === 'accept-encoding') return codingsOf(value)
  if (name === 'accept-language' && languages !== undefined) return languagesOf(value, languages)
  return normalised(value)
}

/** Returns a value without the white space around commas, which means nothing in any field (RFC 9111, 4.1). */
function normalised(value: string): string {
  return value.length > MAX_SPELLED_LENGTH ? value : value.split(',').map(trimmed).join(',')
}
