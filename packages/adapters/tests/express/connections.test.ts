import { Agent, get } from 'node:http'
import { text } from 'node:stream/consumers'
import type { RequestHandler } from 'express'
import { expect } from 'vitest'
import { cachedTest as test } from './cached-test.ts'

/** A login as of NTLM: one request says who sends all of its connection. */
const login: RequestHandler = (req, _res, next) => {
  const socket = req.socket as { ntlm?: string | undefined }
  socket.ntlm = req.headers.authorization?.replace('NTLM ', '') ?? socket.ntlm
  next()
}

test("cacheResponses() shows nobody what another's connection got", async ({ start }) => {
  const { app } = await start({
    before: [login],
    handlers: (app) =>
      app.use((req, res) => {
        const { ntlm } = req.socket as { ntlm?: string }
        res.set('Cache-Control', 'public, max-age=60').send(`page of ${ntlm}`)
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
