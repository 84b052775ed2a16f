import type { HeaderValue } from '../fields/header-values.ts'
import type { HttpRequest } from './http-request.ts'

/**
 * Parts of the names of fields that say, or prove, who sends a request: those of the standards, of common interfaces,
 * gateways and login proxies have at least one. A field that is taken for one of them by mistake costs a miss.
 */
const OF_PERSONS: readonly string[] = [
  ...[
    'auth',
    'authentication',
    'authorization',
    'authenticated',
    'authentik',
    'credentials?',
    'login',
    'sso',
  ],
  ...['oidc', 'saml', 'dpop', 'jwt', 'assertion', '[a-z]*tokens?', '[a-z]*session', '[a-z]*sessionid', 'sid'],
  ...[
    'csrf',
    'xsrf',
    'secret',
    'password',
    'users?',
    'userid',
    'username',
    'uid',
    'email',
    'account',
    'identity',
  ],
  ...['principal', 'subject', 'dn', 'groups?', 'roles?', 'consumer', 'customer', 'member', 'visitor'],
]

/** Further parts of the names of fields of requests: in a response they are rather about caches and signatures. */
const OF_KEYS: readonly string[] = ['key', '[a-z]*apikey', 'cert', 'clientcert', 'certificate']

const PERSONAL_REQUEST = fieldPattern([...OF_PERSONS, ...OF_KEYS])
const PERSONAL_RESPONSE = fieldPattern(OF_PERSONS)

/** Names of fields by which browsers and proxies say the same of everybody. */
const OF_NOBODY = /^(?:user-agent|.*-user-agent|.*-user-ip|sec-.*|access-control-.*)$/

/** How many names are remembered: the same ones come again and again; more than this many are made up. */
const MAX_KNOWN_NAMES = 1_000

const KNOWN = new Map<string, boolean>()

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
  /** Whether the same holds for requests with cookies: any, or these names and no others. */
  readonly cookies: boolean | ReadonlySet<string>
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
  const cookie = cookieIdentity(req.headers.cookie, rules.cookies)
  const hasCredentials = Object.keys(req.headers).some(saysWho)
  if (!hasCredentials || cookie?.isAllowed === false) return cookie
  return { detail: 'authorization', isAllowed: rules.authorization }
}

function cookieIdentity(cookie: string | undefined, allowed: SharingRules['cookies']): Identity | undefined {
  if (cookie === undefined) return undefined
  const isAllowed =
    typeof allowed === 'boolean' ? allowed : cookieNames(cookie).every((name) => allowed.has(name))
  return { detail: 'cookie', isAllowed }
}

function cookieNames(cookie: string): string[] {
  return cookie.split(';').map((pair) => (pair.split('=', 1)[0] as string).trim())
}

/** Returns whether a field of a request, in lower case, says or proves who sends it. */
function saysWho(name: string): boolean {
  const isKnown = KNOWN.get(name)
  if (isKnown !== undefined) return isKnown
  const isPersonal = PERSONAL_REQUEST.test(name) && !OF_NOBODY.test(name)
  if (KNOWN.size < MAX_KNOWN_NAMES) KNOWN.set(name, isPersonal)
  return isPersonal
}

/**
 * Returns whether a field must not select a variant: each user would have one, and the next user with the same value
 * would get it.
 */
export function isPersonalHeader(name: string): boolean {
  return name === 'cookie' || name === 'cookie2' || saysWho(name)
}

/** Returns the name of the first field of a response that is meant for one user, or `undefined` when there is none. */
export function personalHeader(headers: Readonly<Record<string, HeaderValue>>): string | undefined {
  const isPersonal = (name: string) =>
    PERSONAL_RESPONSE_HEADERS.has(name) ||
    (PERSONAL_RESPONSE.test(name) && !OF_NOBODY.test(name) && !OF_PROXIES.has(name))
  return Object.keys(headers).find((name) => headers[name] !== undefined && isPersonal(name))
}

/** Returns a pattern for names that have one of the parts. */
function fieldPattern(parts: readonly string[]): RegExp {
  return new RegExp(`(?:^|[-_])(?:${parts.join('|')})(?:$|[-_])`)
}
