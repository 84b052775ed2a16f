import type { TLSSocket } from 'node:tls'
import type { Request, Response } from 'express'
import type { HeaderValue } from './header-values.ts'

/** Fields of a request that say, or prove, who sends it: those of the standards, of common interfaces and proxies. */
const IDENTITY_HEADERS: readonly string[] = [
  'authorization',
  'proxy-authorization',
  'api-key',
  'apikey',
  'x-api-key',
  'x-auth-token',
  'x-access-token',
  'x-id-token',
  'x-jwt-assertion',
  'x-session-id',
  'x-session-token',
  'x-csrf-token',
  'x-xsrf-token',
  'x-amz-security-token',
  'x-amzn-oidc-accesstoken',
  'x-amzn-oidc-data',
  'x-amzn-oidc-identity',
  'x-auth-request-access-token',
  'x-auth-request-email',
  'x-auth-request-user',
  'x-client-cert',
  'x-forwarded-access-token',
  'x-forwarded-client-cert',
  'x-forwarded-email',
  'x-forwarded-user',
  'x-goog-authenticated-user-email',
  'x-goog-authenticated-user-id',
  'x-goog-iap-jwt-assertion',
  'x-ms-client-principal',
  'x-ms-client-principal-id',
  'x-remote-user',
  'x-user-id',
  'x-webauth-user',
  'cf-access-jwt-assertion',
  'remote-user',
  'ssl-client-cert',
]

/** Fields that must not nominate a variant: each user would have one, and the next user with the same value gets it. */
const PERSONAL_HEADERS: ReadonlySet<string> = new Set([...IDENTITY_HEADERS, 'cookie', 'cookie2'])

/** Fields of a response that concern one user. */
const PERSONAL_RESPONSE_HEADERS: readonly string[] = [
  'set-cookie',
  'set-cookie2',
  'authentication-info',
  'proxy-authentication-info',
  'www-authenticate',
  'clear-site-data',
]

export interface SharingRules {
  /** Whether responses to requests that say who sends them may be shared, when these say so themselves. */
  readonly authorization: boolean
  /** The same for requests with cookies: any, or these names and no others. */
  readonly cookies: boolean | ReadonlySet<string>
}

/** How a request says who sends it. */
export interface Identity {
  readonly detail: 'authorization' | 'cookie' | 'client-certificate'
  /** Whether the application has said that such requests may share responses that say they may be shared. */
  readonly isAllowed: boolean
}

export function identityOf(req: Request, rules: SharingRules): Identity | undefined {
  if ((req.socket as Partial<TLSSocket>).authorized === true) {
    return { detail: 'client-certificate', isAllowed: false }
  }
  const cookie = cookieIdentity(req.headers.cookie, rules.cookies)
  const hasCredentials = IDENTITY_HEADERS.some((name) => req.headers[name] !== undefined)
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

export function isPersonalHeader(name: string): boolean {
  return PERSONAL_HEADERS.has(name)
}

/** The first field of a response that is meant for one user. */
export function personalHeader(headers: Readonly<Record<string, HeaderValue>>): string | undefined {
  return PERSONAL_RESPONSE_HEADERS.find((name) => headers[name] !== undefined)
}

/** Whether a login or session middleware has left something on the request: the default of the option `isPersonal`. */
export function hasUser(req: Request, res: Response): boolean {
  const { user, session, auth } = req as { user?: unknown; session?: unknown; auth?: unknown }
  return [user, session, auth, res.locals?.user].some((trace) => trace !== undefined && trace !== null)
}
