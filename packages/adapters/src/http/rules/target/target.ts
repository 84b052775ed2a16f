import { digest } from '../digest.ts'
import type { HttpRequest } from '../http-request.ts'
import { remembered } from '../remembered.ts'
import { type QueryRules, withQuery } from './query.ts'

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
  readonly query: QueryRules
}

/** A name, an IPv4 or an IPv6 address, and perhaps a port. */
const HOST = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/

/** Longer hosts are none (RFC 1035, 2.3.4), with room for a port. */
const MAX_HOST_LENGTH = 262

/** A path and query that `URL` would leave as they are, without an encoded character. */
const PLAIN_PATH = /^(?:\/(?:[\w~!$&'()*+,;=:@-][\w.~!$&'()*+,;=:@-]*)?)+(?:\?[\w.~!$&()*+,;=:@/?-]+)?$/

/** Characters that mean the same encoded and plain (RFC 3986, 2.3). */
const UNRESERVED = /^[\w.~-]$/

/** Returns the target of a request, or `undefined` when its URI is not certain, or its host is not one of ours. */
export function targetOf(
  { scheme, host, url, owner }: HttpRequest,
  { hosts, query }: TargetRules,
): Target | undefined {
  if (scheme !== 'http' && scheme !== 'https') return undefined
  if (host === undefined || !isHost(host)) return undefined
  if (hosts !== undefined && !isAmong(hosts, scheme, host)) return undefined
  // What begins otherwise is the absolute form, or an asterisk (RFC 9112, 3.2).
  if (!url.startsWith('/')) return undefined
  return { scheme, host, path: withQuery(url, query), owner: owner ?? undefined }
}

/**
 * Returns the identifier by which the rows of a target are found, whatever its spelling. `HEAD` is answered from what
 * `GET` has stored.
 */
export function targetId(target: Target): string {
  const { scheme, host, path, owner } = canonical(target)
  return digest(['GET', scheme, host, path, ...(owner === undefined ? [] : [owner])])
}

/** What is the same of a target each time. */
export interface TargetName {
  /** Its identifier. */
  readonly id: string
  /**
   * How it is spelled, if not as a browser would: an application may answer that otherwise, so that it is a variant.
   */
  readonly spelling: string | undefined
}

const NAMES = { http: namesFor('http'), https: namesFor('https') }

/** Returns what to call a target. */
export function nameOf(target: Target): TargetName {
  const { scheme, host, path, owner } = target
  return owner === undefined ? NAMES[scheme as 'http' | 'https'](host, path) : nameAnew(target)
}

function namesFor(scheme: string): (host: string, path: string) => TargetName {
  return remembered((host, path) => nameAnew({ scheme, host, path }))
}

function nameAnew(target: Target): TargetName {
  return { id: targetId(target), spelling: spellingOf(target) }
}

function spellingOf(target: Target): string | undefined {
  const { host, path } = canonical(target)
  return host === target.host && path === target.path ? undefined : `${target.host}${target.path}`
}

/** Returns an identifier of all targets that differ in their queries alone. */
export function pathId(target: Target): string {
  const { scheme, host, path } = canonical(target)
  return digest(['path', scheme, host, path.split('?', 1)[0]])
}

export function urlOf({ scheme, host, path }: Target): string {
  return `${scheme}://${host}${path}`
}

/** Returns a target as browsers spell it (RFC 3986, 6.2.2, and the URL standard). */
export function canonical(target: Target): Target {
  const { scheme, path } = target
  const host = withoutDefaultPort(scheme, target.host)
  const isCanonical = host === target.host && PLAIN_PATH.test(path)
  return isCanonical ? target : { ...target, host, path: canonicalPath(path) }
}

/** Returns the target that an absolute URL names, or `undefined`. The path is as raw as it was given. */
export function parseTarget(url: string, { query }: Pick<TargetRules, 'query'>): Target | undefined {
  const match = /^https?:\/\/[^/?#\\]+([^#]*)/i.exec(url.trim())
  const parsed = match === null ? null : URL.parse(url)
  if (match === null || parsed === null || parsed.username !== '' || !isHost(parsed.host)) return undefined
  const rest = match[1] as string
  const path = rest.startsWith('/') ? rest : `/${rest}`
  return { scheme: parsed.protocol.slice(0, -1), host: parsed.host, path: withQuery(path, query) }
}

/** Whether a host is named, with or without the port that is the scheme's own. */
function isAmong(hosts: ReadonlySet<string>, scheme: string, host: string): boolean {
  const name = withoutDefaultPort(scheme, host)
  return hosts.has(host) || hosts.has(name) || hosts.has(name + defaultPort(scheme))
}

/** Returns whether this can name a host, in lower case, perhaps with a port. */
export function isHost(host: string): boolean {
  return host.length <= MAX_HOST_LENGTH && HOST.test(host)
}

function withoutDefaultPort(scheme: string, host: string): string {
  const port = defaultPort(scheme)
  return host.endsWith(port) ? host.slice(0, -port.length) : host
}

function defaultPort(scheme: string): string {
  return scheme === 'https' ? ':443' : ':80'
}

function canonicalPath(path: string): string {
  if (PLAIN_PATH.test(path)) return path
  const url = URL.parse(`http://host${path}`)
  if (url === null) return path
  return (url.pathname + url.search).replaceAll(/%[\da-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return UNRESERVED.test(character) ? character : code.toUpperCase()
  })
}
