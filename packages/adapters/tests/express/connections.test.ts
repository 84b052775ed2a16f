import { Agent, get } from 'node:http'
import { text } from 'node:stream/consumers'
import type { RequestHandler } from 'express'
import { expect } from 'vitest'
import { cachedTest as test } from './cached-test.ts'

/** A login as of NTLM: one request says who sends all of its connection. */
const LOGINS: Readonly<Record<string, () => RequestHandler>> = {
  'is kept on the connection': () => (req, _res, next) => {
    const socket = req.socket as { ntlm?: string | undefined }
    socket.ntlm = userIn(req.headers.authorization) ?? socket.ntlm
    next()
  },
  'nobody but the login knows': () => (req, res, next) => {
    const user = userIn(req.headers.authorization)
    if (user !== undefined) users.set(req.socket, user)
    res.locals.name = users.get(req.socket)
    next()
  },
}

const users = new WeakMap<object, string>()

function userIn(value: string | string[] | undefined): string | undefined {
  return value === undefined ? undefined : String(value).replace('NTLM ', '')
}

for (const [name, login] of Object.entries(LOGINS))
  test(`cacheResponses() shows nobody what another's connection got, where its user ${name}`, async ({
    start,
  }) => {
    const { app } = await start({
      before: [login()],
      handlers: (app) =>
        app.use((req, res) => {
          const user = (req.socket as { ntlm?: string }).ntlm ?? res.locals.name
          res.set('Cache-Control', 'public, max-age=60').send(`page of ${user}`)
        }),
    })
    for (const user of ['ada', 'grace']) {
      using connection = keptAlive(app.origin)
      await connection.ask({ authorization: `NTLM ${user}` })
      for (const _ of [1, 2]) expect(await connection.ask({})).toBe(`page of ${user}`)
    }
  })

/** A connection whose requests follow each other. */
function keptAlive(origin: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = (headers: Readonly<Record<string, string>>) =>
    new Promise<string>((resolve, reject) => {
      get(origin, { agent, headers }, (response) => resolve(text(response))).on('error', reject)
    })
  return { ask, [Symbol.dispose]: () => agent.destroy() }
}
