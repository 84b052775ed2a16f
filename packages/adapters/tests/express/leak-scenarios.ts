import type { OutgoingHttpHeaders } from 'node:http'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { FOR_ALL, LEAK_SCENARIOS, type LeakScenario, secretOf, userOf } from '../http/leak-scenarios.ts'
import { send } from '../http/platforms.ts'

/** A way in which a careless cache would show one user's response to another, in Express. */
export interface Scenario extends Omit<LeakScenario, 'reply'> {
  /** Middleware before the cache. */
  readonly before?: RequestHandler
  readonly answer: (req: Request, res: Response, next: NextFunction) => unknown
}

/** Answers with these fields. */
function answerWith(headers: OutgoingHttpHeaders) {
  return (req: Request, res: Response) => {
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value as string)
    res.send(secretOf(userOf(req)))
  }
}

function answerForAll(_req: Request, res: Response): void {
  res.set('Cache-Control', FOR_ALL).send('the same for all')
}

function doing(name: string, answer: Scenario['answer'], rest: Partial<Scenario> = {}): Scenario {
  return { name, answer, ...rest }
}

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
  {
    name: 'a URL that middleware before has rewritten',
    before: (req, _res, next) => {
      req.url += `?${userOf(req)}`
      next()
    },
    answer: answerWith({ 'Cache-Control': FOR_ALL }),
  },
]

/** Memory that all requests use. */
const shared = Buffer.alloc(40)

const IN_GENERAL = LEAK_SCENARIOS.map(
  ({ reply, ...scenario }): Scenario => ({ ...scenario, answer: (req, res) => send(res, reply(req)) }),
)

export const SCENARIOS: readonly Scenario[] = [...IN_GENERAL, ...BY_APPLICATION]
