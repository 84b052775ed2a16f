import { expect } from 'vitest'
import { SessionStore } from '../../src/session/index.ts'
import { Browser } from './browser.ts'
import { makeFastifyApplication } from './fastify-application.ts'
import { CACHE, PATIENT, promised, sessionTest } from './session-test.ts'

const test = sessionTest(CACHE)

test('@fastify/session: a user is logged in until the logout, or until the cookie expires', async ({
  store,
  advance,
}) => {
  advance(0)
  const sessions = new SessionStore(store, PATIENT)
  await using app = await makeFastifyApplication(sessions)
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
