import type { OutgoingHttpHeaders } from 'node:http'
import type { NextFunction, Request, RequestHandler, Response } from 'express'

/** A way in which a careless cache would show one user's response to another. */
export interface Scenario {
  readonly name: string
  readonly method?: string
  /** What a user sends beside `X-Test-Who`, which no cache knows of. */
  readonly sends?: (user: string) => OutgoingHttpHeaders
  readonly path?: (user: string) => string
  /** Middleware before the cache. */
  readonly before?: RequestHandler
  /** Answers with the user's secret. */
  readonly answer: (req: Request, res: Response, next: NextFunction) => unknown
  /** What statuses are right, 200. */
  readonly statuses?: readonly number[]
  /** Whether the answer has the secret only in its head, or not at all. */
  readonly isSilent?: boolean
}

export const FOR_ALL = 'public, max-age=60'

export function userOf(req: Request): string {
  return String(req.headers['x-test-who'])
}

export function secretOf(user: string): string {
  return `secret-of-${user}`
}

/** Answers with these fields. */
function answerWith(headers: OutgoingHttpHeaders, status = 200) {
  return (req: Request, res: Response) => {
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value as string)
    res.status(status).send(secretOf(userOf(req)))
  }
}

function answerForAll(_req: Request, res: Response): void {
  res.set('Cache-Control', FOR_ALL).send('the same for all')
}

/** The secret as the value of a request field, with an answer for all. */
function sending(name: string, headers: OutgoingHttpHeaders = { 'Cache-Control': FOR_ALL }): Scenario {
  return {
    name: `request ${name}, response ${JSON.stringify(headers)}`,
    sends: (user) => (user === 'nobody' ? {} : { [name]: `${user}=1` }),
    answer: answerWith(headers),
  }
}

function answering(headers: OutgoingHttpHeaders, status?: number): Scenario {
  return {
    name: `response ${status ?? ''} ${JSON.stringify(headers)}`,
    answer: answerWith(headers, status),
    statuses: [status ?? 200],
  }
}

function doing(name: string, answer: Scenario['answer'], rest: Partial<Scenario> = {}): Scenario {
  return { name, answer, ...rest }
}

const BY_IDENTITY: readonly Scenario[] = [
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

const BY_RESPONSE: readonly Scenario[] = [
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
  ...[201, 202, 206, 302, 400, 401, 403, 404, 418, 429, 500, 503].map((status) =>
    answering({ 'Cache-Control': status === 404 ? 'max-age=0' : FOR_ALL }, status),
  ),
]

const BY_APPLICATION: readonly Scenario[] = [
  doing('res.cookie', (req, res) => {
    res
      .set('Cache-Control', FOR_ALL)
      .cookie('sid', userOf(req))
      .send(secretOf(userOf(req)))
  }),
  doing('Set-Cookie as an argument of writeHead', (req, res) => {
    res.writeHead(200, { 'Cache-Control': FOR_ALL, 'Set-Cookie': 'sid=1' }).end(secretOf(userOf(req)))
  }),
  doing('private in a flat list for writeHead', (req, res) => {
    const headers = ['Cache-Control', FOR_ALL, 'Cache-Control', 'private']
    res.writeHead(200, headers).end(secretOf(userOf(req)))
  }),
  doing('Set-Cookie by middleware that waits for writeHead', (req, res) => {
    const { writeHead } = res
    res.writeHead = ((...args: [number]) => {
      res.setHeader('Set-Cookie', `sid=${userOf(req)}`)
      return writeHead.apply(res, args)
    }) as never
    res.setHeader('Cache-Control', FOR_ALL)
    res.end(secretOf(userOf(req)))
  }),
  ...[
    ['Set-Cookie', 'sid=1'],
    ['Cache-Control', 'private'],
    ['Vary', 'X-Test-Who'],
  ].map(([name = '', value = '']) =>
    doing(`${name} by middleware before that waits for writeHead`, answerWith({ 'Cache-Control': FOR_ALL }), {
      before: (_req, res, next) => {
        const { writeHead } = res
        res.writeHead = ((...args: [number]) => {
          res.setHeader(name, value)
          return writeHead.apply(res, args)
        }) as never
        next()
      },
    }),
  ),
  doing('Set-Cookie by middleware before', answerWith({ 'Cache-Control': FOR_ALL }), {
    before: (req, res, next) => {
      res.cookie('sid', userOf(req))
      next()
    },
  }),
  ...['user', 'session', 'auth'].map((name) =>
    doing(`req.${name} before`, answerWith({ 'Cache-Control': FOR_ALL }), {
      before: (req, _res, next) => {
        if (userOf(req) !== 'nobody') Object.assign(req, { [name]: { id: userOf(req) } })
        next()
      },
    }),
  ),
  doing('req.user behind', (req, res) => {
    Object.assign(req, { user: userOf(req) })
    res.set('Cache-Control', FOR_ALL).send(secretOf(userOf(req)))
  }),
  doing('res.locals.user behind', (req, res) => {
    res.locals.user = userOf(req)
    res.set('Cache-Control', FOR_ALL).send(secretOf(userOf(req)))
  }),
  doing('req.user found out after the head', (req, res) => {
    res.set('Cache-Control', FOR_ALL).write('so far ')
    Object.assign(req, { user: userOf(req) })
    res.end(secretOf(userOf(req)))
  }),
  doing('one buffer for all', (req, res) => {
    const secret = secretOf(userOf(req)).padEnd(40)
    shared.write(secret)
    res.set('Cache-Control', `${FOR_ALL}, private`).write(Buffer.from(shared))
    res.end()
  }),
  doing(
    'an error that names the user',
    (req) => {
      throw new Error(secretOf(userOf(req)))
    },
    { statuses: [500], isSilent: true },
  ),
  doing(
    'an error that names the user, for all',
    (req, res, next) => {
      res.set('Cache-Control', FOR_ALL)
      next(new Error(secretOf(userOf(req))))
    },
    { statuses: [500], isSilent: true },
  ),
  doing(
    'a route that nobody has, with a field for all',
    (_req, res, next) => {
      res.set('X-Behind', '1')
      next()
    },
    {
      before: (req, res, next) => {
        res.set('Cache-Control', FOR_ALL).set('X-Secret', secretOf(userOf(req)))
        next()
      },
      statuses: [404],
      isSilent: true,
    },
  ),
  doing('a request identifier by middleware before', answerForAll, {
    before: (req, res, next) => {
      res.set('X-Request-Id', secretOf(userOf(req)))
      next()
    },
    isSilent: true,
  }),
]

/** Memory that all requests use. */
const shared = Buffer.alloc(40)

/** The application goes by something in the request that is no user's name, and of which it says nothing. */
function goingBy(name: string, sends: (user: string) => OutgoingHttpHeaders): Scenario {
  return {
    name: `an application that goes by ${name}`,
    sends,
    answer: answerWith({ 'Cache-Control': FOR_ALL }),
  }
}

const BY_REQUEST: readonly Scenario[] = [
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
    answer: answerWith({ 'Cache-Control': FOR_ALL }),
  },
  {
    name: 'a URL that middleware before has rewritten',
    before: (req, _res, next) => {
      req.url += `?${userOf(req)}`
      next()
    },
    answer: answerWith({ 'Cache-Control': FOR_ALL }),
  },
  {
    name: 'an encoding without Vary',
    sends: (user) => ({ 'Accept-Encoding': user }),
    answer: answerWith({ 'Cache-Control': FOR_ALL, 'Content-Encoding': 'secret' }),
  },
  {
    name: 'an origin without Vary',
    sends: (user) => ({ Origin: `https://${user}.example` }),
    answer: (req, res) => {
      res.set('Access-Control-Allow-Origin', req.headers.origin)
      res.set('Cache-Control', FOR_ALL).send(secretOf(userOf(req)))
    },
  },
  { ...answering({ 'Cache-Control': FOR_ALL }), name: 'POST', method: 'POST' },
  { ...answering({ 'Cache-Control': FOR_ALL }), name: 'PUT', method: 'PUT' },
  { ...answering({ 'Cache-Control': FOR_ALL }), name: 'an unknown method', method: 'PROPFIND' },
  {
    name: 'HEAD',
    method: 'HEAD',
    isSilent: true,
    answer: (req, res) => {
      res
        .set('Cache-Control', FOR_ALL)
        .set('X-Secret', secretOf(userOf(req)))
        .end()
    },
  },
  {
    name: 'Range',
    sends: () => ({ Range: 'bytes=0-99' }),
    answer: answerWith({ 'Cache-Control': FOR_ALL }, 206),
    statuses: [206],
  },
]

export const SCENARIOS: readonly Scenario[] = [
  ...BY_IDENTITY,
  ...BY_RESPONSE,
  ...BY_APPLICATION,
  ...BY_REQUEST,
]
