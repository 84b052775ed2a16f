import { createServer } from 'node:http'
import { expect, vi } from 'vitest'
import { SessionStore } from '../../src/session/index.ts'
import { failingStore } from '../nest/failing-store.ts'
import { type ApplicationOptions, listen, makeApplication } from './application.ts'
import { Browser } from './browser.ts'
import { CACHE, PATIENT, promised, sessionTest } from './session-test.ts'

const test = sessionTest(CACHE).extend<{
  sessions: SessionStore
  open: (store?: SessionStore, options?: ApplicationOptions) => Promise<Browser>
}>({
  sessions: async ({ store }, use) => use(new SessionStore(store, PATIENT)),
  open: async ({ sessions }, use) => {
    await using servers = new AsyncDisposableStack()
    await use(async (store = sessions, options) => {
      const server = servers.use(createServer(makeApplication(store, options)))
      servers.defer(() => server.closeAllConnections())
      return new Browser(await listen(server))
    })
  },
})

test('express-session: a user is logged in, on every request, until the logout', async ({
  open,
  sessions,
}) => {
  const [ada, grace] = [await open(), await open()]
  expect(await ada.ask('/user')).toEqual({ status: 200, body: null })
  expect(await promised(sessions).length()).toBe(0)
  await ada.ask('/login/ada')
  await grace.ask('/login/grace')
  expect((await ada.ask('/user')).body).toBe('ada')
  expect((await grace.ask('/user')).body).toBe('grace')
  expect((await ada.ask('/visit')).body).toBe(1)
  expect((await ada.ask('/visit')).body).toBe(2)
  expect((await ada.ask('/reload')).body).toBe(2)
  expect(await promised(sessions).length()).toBe(2)
  expect((await ada.ask('/logout')).body).toBe('gone')
  expect((await ada.ask('/user')).body).toBeNull()
  expect((await grace.ask('/user')).body).toBe('grace')
})

test('express-session: a login has a new identifier, and the old one is worth nothing', async ({
  open,
  sessions,
}) => {
  const browser = await open()
  await browser.ask('/visit')
  const [before] = Object.keys(await promised(sessions).all())
  const old = new Map(browser.cookies)
  await browser.ask('/login/ada')
  const after = Object.keys(await promised(sessions).all())
  expect(after).toHaveLength(1)
  expect(after).not.toContain(before)
  for (const cookie of old) browser.cookies.set(...cookie)
  expect((await browser.ask('/user')).body).toBeNull()
})

test('express-session: each request lets the session live on, unless disableTouch says otherwise', async ({
  store,
  open,
  advance,
}) => {
  advance(0)
  const options = { cookie: { maxAge: 1_000 } }
  const browsers = [
    await open(new SessionStore(store, PATIENT), options),
    await open(new SessionStore(store, { disableTouch: true, ...PATIENT }), options),
  ] as const
  for (const browser of browsers) await browser.ask('/login/ada')
  advance(600)
  for (const browser of browsers) expect((await browser.ask('/user')).body).toBe('ada')
  advance(600)
  expect((await browsers[0].ask('/age')).body).toBe(400)
  expect((await browsers[1].ask('/user')).body).toBeNull()
  advance(1_000)
  expect((await browsers[0].ask('/user')).body).toBeNull()
})

test('express-session: while the store is away a session is an error, which nobody takes for a logout', async ({
  store,
  sessions,
  open,
}) => {
  const browser = await open()
  await browser.ask('/login/ada')
  const away = new SessionStore(failingStore(store, ['getEntry', 'get', 'has', 'set', 'update']), PATIENT)
  const there = browser.at((await open(away)).origin)
  expect((await there.ask('/user')).status).toBeGreaterThanOrEqual(500)
  await expect.poll(() => away.health().status, { timeout: 20_000 }).toBe('away')
  expect(await there.ask('/user')).toEqual({ status: 503, body: 'ERR_DISKCACHE_UNAVAILABLE' })
  expect((await browser.ask('/user')).body).toBe('ada')
  expect(sessions.health().status).toBe('up')
})

test('express-session: a session that cannot be written is an error when the response is complete', async ({
  store,
  open,
}) => {
  const browser = await open()
  await browser.ask('/visit')
  const onLateError = vi.fn()
  const busy = new SessionStore(failingStore(store, ['set', 'touch']), PATIENT)
  const there = browser.at((await open(busy, { onLateError })).origin)
  expect(await there.ask('/visit')).toEqual({ status: 200, body: 2 })
  await expect.poll(() => onLateError.mock.calls.length, { timeout: 20_000 }).toBe(1)
  expect(await there.ask('/user')).toEqual({ status: 200, body: null })
  await expect.poll(() => onLateError.mock.calls.length, { timeout: 20_000 }).toBe(2)
  expect(await browser.ask('/visit')).toEqual({ status: 200, body: 2 })
})
