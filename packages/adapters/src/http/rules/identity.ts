import type { HeaderValue } from '../fields/header-values.ts'
import { type FieldRules, isPersonalResponseField } from './field-rules.ts'
import type { HttpRequest } from './http-request.ts'
import type { NameTest } from './name-patterns.ts'

/** Fields of a response that concern one user, beside those whose name says so. */
const PERSONAL_RESPONSE_HEADERS: ReadonlySet<string> = new Set([
  'set-cookie',
  'set-cookie2',
  'www-authenticate',
  'clear-site-data',
])

/** Fields by which a proxy and its client agree: they are not stored, and say nothing of the rest (RFC 9111, 3.1). */
const OF_PROXIES: ReadonlySet<string> = new Set([
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
])

export interface SharingRules {
  /** Whether responses to requests that say who sends them may be shared, when these responses say so themselves. */
  readonly authorization: boolean
  /** Which cookies requests may have of which the same holds. */
  readonly cookies: NameTest
  /** Which cookies are of no interest to the cache. */
  readonly exemptCookies: NameTest
  /** What the other fields mean. */
  readonly fields: FieldRules
}

/** How a request says who sends it. */
export interface Identity {
  readonly detail: 'authorization' | 'cookie' | 'client-certificate'
  /** Whether the application has said that such requests may share responses that say they may be shared. */
  readonly isAllowed: boolean
}

export function identityOf(req: HttpRequest, rules: SharingRules): Identity | undefined {
  if (req.hasCertificate) {
    return { detail: 'client-certificate', isAllowed: false }
  }
  const cookie = cookieIdentity(req.headers.cookie, rules)
  const hasCredentials = Object.keys(req.headers).some((name) => rules.fields.meaningOf(name) === 'identity')
  if (!hasCredentials || cookie?.isAllowed === false) return cookie
  return { detail: 'authorization', isAllowed: rules.authorization }
}

function cookieIdentity(
  cookie: string | undefined,
  { cookies, exemptCookies }: SharingRules,
): Identity | undefined {
  if (cookie === undefined) return undefined
  let isAllowed: boolean | undefined
  for (const name of cookieNames(cookie)) {
    if (exemptCookies(name)) continue
    isAllowed = cookies(name)
    // A field may have thousands.
    if (!isAllowed) break
  }
  return isAllowed === undefined ? undefined : { detail: 'cookie', isAllowed }
}

function* cookieNames(cookie: string): Generator<string> {
  for (let start = 0; start <= cookie.length; ) {
    const next = cookie.indexOf(';', start)
    const end = next === -1 ? cookie.length : next
    yield (cookie.slice(start, end).split('=', 1)[0] as string).trim()
    start = end + 1
  }
}

/** Returns the name of the first field of a response that is meant for one user, or `undefined` when there is none. */
export function personalHeader(headers: Readonly<Record<string, HeaderValue>>): string | undefined {
  const isPersonal = (name: string) =>
    PERSONAL_RESPONSE_HEADERS.has(name) || (isPersonalResponseField(name) && !OF_PROXIES.has(name))
  return Object.keys(headers).find((name) => headers[name] !== undefined && isPersonal(name))
}
