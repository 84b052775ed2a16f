import type { OutgoingHttpHeaders } from 'node:http'
import type { OriginRequest, Reply } from './platform.ts'

/** A way in which a careless cache would show one user's response to another, whatever the framework. */
export interface LeakScenario {
  readonly name: string
  readonly method?: string
  /** What a user sends beside `X-Test-Who`, which no cache knows of. */
  readonly sends?: (user: string) => OutgoingHttpHeaders
  readonly path?: (user: string) => string
  /** Answers with the user's secret. */
  readonly reply: (request: OriginRequest) => Reply
  /** What statuses are right, 200. */
  readonly statuses?: readonly number[]
  /** Whether the answer has the secret only in its head, or not at all. */
  readonly isSilent?: boolean
}

export const FOR_ALL = 'public, max-age=60'

export const USERS: readonly string[] = ['alice', 'bob', 'nobody']

export function userOf({ headers }: Pick<OriginRequest, 'headers'>): string {
  return String(headers['x-test-who'])
}

export function secretOf(user: string): string {
  return `secret-of-${user}`
}

/** Answers with these fields. */
function answerWith(headers: OutgoingHttpHeaders, status = 200) {
  return (request: OriginRequest): Reply => ({ status, headers, body: secretOf(userOf(request)) })
}

/** The secret as the value of a request field, with an answer for all. */
function sending(name: string, headers: OutgoingHttpHeaders = { 'Cache-Control': FOR_ALL }): LeakScenario {
  return {
    name: `request ${name}, response ${JSON.stringify(headers)}`,
    sends: (user) => (user === 'nobody' ? {} : { [name]: `${user}=1` }),
    reply: answerWith(headers),
  }
}

function answering(headers: OutgoingHttpHeaders, status?: number): LeakScenario {
  return {
    name: `response ${status ?? ''} ${JSON.stringify(headers)}`,
    reply: answerWith(headers, status),
    statuses: [status ?? 200],
  }
}

const BY_IDENTITY: readonly LeakScenario[] = [
  sending('Cookie'),
  sending('Cookie', { 'Cache-Control': 's-maxage=60' }),
  sending('Cookie', { 'Cache-Control': 'max-age=60, must-revalidate' }),
  sending('Cookie', {}),
  sending('Cookie', { 'Cache-Control': FOR_ALL, Vary: 'Cookie' }),
  sending('Authorization'),
  sending('Authorization', { 'Cache-Control': 'max-age=60' }),
  sending('Authorization', { 'Cache-Control': 's-maxage=60' }),
  sending('Authorization', { 'Cache-Control': 'max-age=60, must-revalidate' }),
  sending('Authorization', {}),
  sending('Authorization', { 'Cache-Control': FOR_ALL, Vary: 'Authorization' }),
  sending('Proxy-Authorization'),
  sending('X-Api-Key'),
  sending('Api-Key'),
  sending('X-Auth-Token'),
  sending('X-Access-Token'),
  sending('X-Session-Id'),
  sending('X-Csrf-Token'),
  sending('X-User-Id'),
  sending('X-Customer-Token', {}),
  sending('X-Forwarded-User'),
  sending('X-Forwarded-Email'),
  sending('X-Remote-User'),
  sending('X-Auth-Request-Email'),
  sending('X-Goog-Iap-Jwt-Assertion'),
  sending('Cf-Access-Jwt-Assertion'),
  sending('X-Forwarded-Client-Cert'),
]

const BY_RESPONSE: readonly LeakScenario[] = [
  answering({ 'Cache-Control': 'private' }),
  answering({ 'Cache-Control': 'private, max-age=60' }),
  answering({ 'Cache-Control': 'PRIVATE, max-age=60' }),
  answering({ 'Cache-Control': 'public, private, max-age=60' }),
  answering({ 'Cache-Control': 'private="x-secret", max-age=60' }),
  answering({ 'Cache-Control': 'private="", max-age=60' }),
  answering({ 'Cache-Control': 'max-age=60, private="' }),
  answering({ 'Cache-Control': [FOR_ALL, 'private'] }),
  answering({ 'Cache-Control': 'no-store' }),
  answering({ 'Cache-Control': 'public, max-age=60, no-store' }),
  answering({ 'Cache-Control': 'must-understand, no-store, max-age=60' }),
  answering({ 'Cache-Control': 'no-cache' }),
  answering({ 'Cache-Control': 'max-age=60, no-cache="set-cookie"' }),
  answering({ 'Cache-Control': 'public; max-age=60' }),
  answering({ 'Cache-Control': 'public, max-age = 60' }),
  answering({ 'Cache-Control': 'max-age=60, max-age=10' }),
  answering({ 'Cache-Control': 'public, max-age=-1' }),
  answering({ 'Cache-Control': 'public, max-age=soon' }),
  answering({ 'Cache-Control': 'public, max-age=0' }),
  answering({ 'Cache-Control': 'public, s-maxage=0, max-age=60' }),
  answering({}),
  answering({ Expires: '0' }),
  answering({ Expires: 'Thu, 01 Jan 1970 00:00:00 GMT' }),
  answering({ Pragma: 'no-cache' }),
  answering({ 'Cache-Control': FOR_ALL, Vary: '*' }),
  answering({ 'Cache-Control': FOR_ALL, Vary: 'Accept, *' }),
  answering({ 'Cache-Control': FOR_ALL, Vary: 'X-Test-Who' }),
  answering({ 'Cache-Control': FOR_ALL, Vary: 'Accept-Language, x-test-who' }),
  answering({ 'Cache-Control': FOR_ALL, 'Set-Cookie': 'sid=1' }),
  answering({ 'Cache-Control': FOR_ALL, 'Set-Cookie': ['sid=1', 'other=2'] }),
  answering({ 'Cache-Control': FOR_ALL, 'Authentication-Info': 'nextnonce="1"' }),
  answering({ 'Cache-Control': FOR_ALL, 'WWW-Authenticate': 'Basic' }),
  answering({ 'Cache-Control': FOR_ALL, Authorization: 'Bearer 1' }),
  answering({ 'Cache-Control': FOR_ALL, 'X-Auth-Token': '1' }),
  answering({ 'Cache-Control': FOR_ALL, 'X-CSRF-Token': '1' }),
  answering({ 'Cache-Control': FOR_ALL, 'Content-Range': 'bytes 0-1/2' }),
  answering({ 'Cache-Control': FOR_ALL, Age: '100' }),
  validating('no-cache'),
  validating('public, no-cache, max-age=60'),
  ...[201, 202, 206, 303, 400, 401, 403, 404, 418, 429, 500, 503].map((status) =>
    answering({ 'Cache-Control': status === 404 ? 'max-age=0' : FOR_ALL }, status),
  ),
]

/** Each user's response has an entity tag of its own, and is validated each time. */
function validating(cacheControl: string): LeakScenario {
  return {
    name: `response with an entity tag, ${cacheControl}`,
    reply: (request) => {
      const headers = { 'Cache-Control': cacheControl, ETag: `"${userOf(request)}"` }
      const isKnown = request.headers['if-none-match'] === headers.ETag
      return isKnown ? { status: 304, headers } : answerWith(headers)(request)
    },
  }
}

/** The application goes by something in the request that is no user's name, and of which it says nothing. */
function goingBy(name: string, sends: (user: string) => OutgoingHttpHeaders): LeakScenario {
  return {
    name: `an application that goes by ${name}`,
    sends,
    reply: answerWith({ 'Cache-Control': FOR_ALL }),
  }
}

const BY_REQUEST: readonly LeakScenario[] = [
  { ...answering({ 'Cache-Control': FOR_ALL }), name: 'query', path: (user) => `?token=${user}` },
  {
    ...answering({ 'Cache-Control': FOR_ALL }),
    name: 'query, another order',
    path: (user) => `?a=1&${user}&b`,
  },
  { ...answering({ 'Cache-Control': FOR_ALL }), name: 'path', path: (user) => `/${user}` },
  { ...answering({ 'Cache-Control': FOR_ALL }), name: 'encoded path', path: (user) => `/%2f${user}%00` },
  { ...answering({ 'Cache-Control': FOR_ALL }), name: 'path parameters', path: (user) => `/;${user}.css` },
  goingBy('Host', (user) => ({ Host: `${user}.example` })),
  goingBy('a Host that is none', (user) => ({ Host: `${user} example/` })),
  goingBy('X-Forwarded-Host', (user) => ({ 'X-Forwarded-Host': `${user}.example` })),
  goingBy('X-Host', (user) => ({ 'X-Host': user })),
  goingBy('Forwarded', (user) => ({ Forwarded: `host=${user}.example` })),
  goingBy('X-Forwarded-Prefix', (user) => ({ 'X-Forwarded-Prefix': `/${user}` })),
  goingBy('X-Original-URL', (user) => ({ 'X-Original-URL': `/${user}` })),
  goingBy('X-Rewrite-URL', (user) => ({ 'X-Rewrite-URL': `/${user}` })),
  goingBy('X-HTTP-Method-Override', (user) => ({ 'X-HTTP-Method-Override': user })),
  goingBy('Cache-Control: no-store', () => ({ 'Cache-Control': 'no-store' })),
  goingBy('If-Match', (user) => ({ 'If-Match': `"${user}"` })),
  goingBy('Upgrade', (user) => ({ Upgrade: user })),
  {
    name: 'a body of a GET',
    sends: () => ({ 'Content-Length': 1 }),
    reply: answerWith({ 'Cache-Control': FOR_ALL }),
  },
  {
    name: 'an encoding without Vary',
    sends: (user) => ({ 'Accept-Encoding': user }),
    reply: answerWith({ 'Cache-Control': FOR_ALL, 'Content-Encoding': 'secret' }),
  },
  {
    name: 'an origin without Vary',
    sends: (user) => ({ Origin: `https://${user}.example` }),
    reply: (request) =>
      answerWith({ 'Cache-Control': FOR_ALL, 'Access-Control-Allow-Origin': request.headers.origin })(
        request,
      ),
  },
  { ...answering({ 'Cache-Control': FOR_ALL }), name: 'POST', method: 'POST' },
  { ...answering({ 'Cache-Control': FOR_ALL }), name: 'PUT', method: 'PUT' },
  { ...answering({ 'Cache-Control': FOR_ALL }), name: 'an unknown method', method: 'PROPFIND' },
  {
    name: 'HEAD',
    method: 'HEAD',
    isSilent: true,
    reply: (request) => ({ headers: { 'Cache-Control': FOR_ALL, 'X-Secret': secretOf(userOf(request)) } }),
  },
  {
    name: 'Range',
    sends: () => ({ Range: 'bytes=0-99' }),
    reply: answerWith({ 'Cache-Control': FOR_ALL }, 206),
    statuses: [206],
  },
]

export const LEAK_SCENARIOS: readonly LeakScenario[] = [...BY_IDENTITY, ...BY_RESPONSE, ...BY_REQUEST]
