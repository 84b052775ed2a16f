import { digest } from './digest.ts'
import type { HttpRequest } from './http-request.ts'

/** The URI that a request is about (RFC 9110, 7.1), in its parts, as raw as they came. */
export interface Target {
  readonly scheme: string
  readonly host: string
  /** Path and query. */
  readonly path: string
  /** Whom the responses belong to; `undefined` when they are everybody's. */
  readonly owner?: string | undefined
}

export interface TargetRules {
  /** The hosts whose responses are cached, in lower case; `undefined` for all. */
  readonly hosts: ReadonlySet<string> | undefined
  readonly query: 'raw' | 'sorted'
}

/** A name, an IPv4 or an IPv6 address, and perhaps a port. */
const HOST = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/

/** Returns the target of a request, or `undefined` when its URI is not certain, or its host is not one of ours. */
export function targetOf(
  { scheme, host, url, owner }: HttpRequest,
  { hosts, query }: TargetRules,
): Target | undefined {
  if (scheme !== 'http' && scheme !== 'https') return undefined
  if (host === undefined || !HOST.test(host)) return undefined
  if (hosts !== undefined && !hosts.has(host)) return undefined
  // What begins otherwise is the absolute form, or an asterisk (RFC 9112, 3.2).
  if (!url.startsWith('/')) return undefined
  return { scheme, host, path: query === 'sorted' ? withSortedQuery(url) : url, owner: owner ?? undefined }
}

/** Returns the identifier by which the rows of a target are found. `HEAD` is answered from what `GET` has stored. */
export function targetId({ scheme, host, path, owner }: Target): string {
  return digest(['GET', scheme, host, path, ...(owner === undefined ? [] : [owner])])
}

export function urlOf({ scheme, host, path }: Target): string {
  return `${scheme}://${host}${path}`
}

/**
 * Returns the target that an absolute URL names, or `undefined`. The text is taken apart, but not normalised, as the
 * URLs of requests are not.
 */
export function parseTarget(url: string, { query }: Pick<TargetRules, 'query'>): Target | undefined {
  const match = /^(https?):\/\/([^/?#]+)([^#]*)/i.exec(url)
  if (match === null) return undefined
  const [, scheme = '', host = '', rest = ''] = match
  const path = rest.startsWith('/') ? rest : `/${rest}`
  const target = { scheme: scheme.toLowerCase(), host: host.toLowerCase() }
  if (!HOST.test(target.host)) return undefined
  return { ...target, path: query === 'sorted' ? withSortedQuery(path) : path }
}

/** Sorts the query by name; parameters of one name keep their order, which may matter. */
function withSortedQuery(path: string): string {
  const at = path.indexOf('?')
  if (at === -1) return path
  const nameOf = (pair: string) => pair.split('=', 1)[0] as string
  const pairs = path.slice(at + 1).split('&')
  const sorted = pairs.toSorted((a, b) => compare(nameOf(a), nameOf(b)))
  return `${path.slice(0, at)}?${sorted.join('&')}`
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
