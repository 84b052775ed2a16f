import cookie from '@fastify/cookie'
import session from '@fastify/session'
import Fastify from 'fastify'
import { expect } from 'vitest'
import { SessionStore } from '../../src/session/index.ts'
import { Browser } from './browser.ts'
import { CACHE, PATIENT, promised, sessionTest } from './session-test.ts'

declare module 'fastify' {
  interface Session {
    user?: string
  }
}

const test = sessionTest(CACHE)

test('@fastify/session: a user is logged in until the logout, or until the cookie expires', async ({
  store,
  advance,
}) => {
  advance(0)
  const sessions = new SessionStore(store, PATIENT)
  await using app = Fastify({ forceCloseConnections: true })
  await app.register(cookie)
  await app.register(session, {
    store: sessions,
    secret: 'a secret of at least thirty-two characters',
    cookie: { secure: false, maxAge: 60_000 },
    saveUninitialized: false,
  })
  app.get<{ Params: { user: string } }>('/login/:user', async (request) => {
    await request.session.regenerate()
    request.session.user = request.params.user
    return '"in"'
  })
  app.get('/user', async (request, reply) => reply.send(JSON.stringify(request.session.user ?? null)))
  app.get('/logout', async (request) => {
    await request.session.destroy()
    return '"out"'
  })
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  const [ada, grace] = [new Browser(origin), new Browser(origin)]
  for (const [browser, user] of [
    [ada, 'ada'],
    [grace, 'grace'],
  ] as const) {
    await browser.ask(`/login/${user}`)
    expect((await browser.ask('/user')).body).toBe(user)
  }
  expect(await promised(sessions).length()).toBe(2)
  await ada.ask('/logout')
  expect((await ada.ask('/user')).body).toBeNull()
  advance(59_000)
  expect((await grace.ask('/user')).body).toBe('grace')
  advance(60_001)
  expect((await grace.ask('/user')).body).toBeNull()
})
