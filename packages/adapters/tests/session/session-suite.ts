import { describe, expect } from 'vitest'
import { SessionStore } from '../../src/session/session-store.ts'
import { type Engine, PATIENT, promised, sessionOf, sessionTest } from './session-test.ts'

const DAY = 24 * 3_600_000

/** What express-session asks of a store, and what `SessionStore` promises beyond. */
export function sessionSuite(engine: Engine): void {
  const test = testOf(engine)
  keepsSessions(engine, test)
  keepsThemAsLong(engine, test)
  tellsWhichThereAre(engine, test)
}

function testOf(engine: Engine) {
  return sessionTest(engine).extend<{ sessions: ReturnType<typeof promised> }>({
    sessions: async ({ store }, use) => use(promised(new SessionStore(store, PATIENT))),
  })
}

type Test = ReturnType<typeof testOf>

function keepsSessions(engine: Engine, test: Test): void {
  describe(`SessionStore over ${engine.name}`, () => {
    test('SessionStore.get() gives as JSON what set() was given, and undefined for what is not there', async ({
      store,
      sessions,
    }) => {
      const session = sessionOf({ user: { name: 'Ada' }, since: new Date(0) }, 60_000)
      await sessions.set('sid', session)
      const expires = expect.toSatisfy(
        (date) => Math.abs(Number(date) - Number(session.cookie.expires)) < 10_000,
      )
      expect(await sessions.get('sid')).toEqual({
        user: { name: 'Ada' },
        since: '1970-01-01T00:00:00.000Z',
        cookie: { originalMaxAge: 60_000, expires, httpOnly: true, path: '/' },
      })
      expect(await store.get('session:sid')).toBe(JSON.stringify(session))
      expect(await sessions.get('other')).toBeUndefined()
    })

    test('SessionStore.set() replaces the session, destroy() removes it, also one that is not there', async ({
      sessions,
    }) => {
      await sessions.set('sid', sessionOf({ visits: 1 }))
      await sessions.set('sid', sessionOf({ visits: 2 }))
      expect(await sessions.get('sid')).toMatchObject({ visits: 2 })
      await sessions.destroy('sid')
      await sessions.destroy('sid')
      expect(await sessions.get('sid')).toBeUndefined()
    })
  })
}

function keepsThemAsLong(engine: Engine, test: Test): void {
  describe(`SessionStore over ${engine.name}: how long sessions live`, () => {
    test('SessionStore.set() keeps a session as long as its cookie, or for ttl', async ({
      store,
      sessions,
      advance,
    }) => {
      const long = promised(new SessionStore(store, { ttl: 2 * DAY, prefix: 'long:', ...PATIENT }))
      const ever = promised(new SessionStore(store, { ttl: Infinity, prefix: 'ever:', ...PATIENT }))
      await sessions.set('sid', sessionOf({}, 1_000))
      await sessions.set('json', JSON.parse(JSON.stringify(sessionOf({}, 1_000))))
      for (const each of [sessions, long, ever]) await each.set('none', sessionOf({}))
      advance(999)
      expect(await sessions.get('sid')).toBeDefined()
      advance(1)
      expect(await sessions.get('sid')).toBeUndefined()
      expect(await sessions.get('json')).toBeUndefined()
      advance(DAY - 1_001)
      expect(await sessions.get('none')).toBeDefined()
      advance(1)
      expect(await sessions.get('none')).toBeUndefined()
      expect(await long.get('none')).toBeDefined()
      advance(DAY)
      expect(await long.get('none')).toBeUndefined()
      expect(await ever.get('none')).toMatchObject({ cookie: { expires: null } })
    })

    test('SessionStore.set() of a session that has expired removes it', async ({ sessions, advance }) => {
      advance(0)
      await sessions.set('sid', sessionOf({}, 1_000))
      await sessions.set('sid', sessionOf({}, -1_000))
      expect(await sessions.get('sid')).toBeUndefined()
    })

    test('SessionStore.touch() renews the time to live, and not the session', async ({
      sessions,
      advance,
    }) => {
      advance(0)
      await sessions.set('sid', sessionOf({ visits: 1 }, 1_000))
      await sessions.set('none', sessionOf({ visits: 1 }))
      advance(900)
      const expires = new Date(Date.now() + 1_000)
      await sessions.touch('sid', sessionOf({ visits: 2 }, 1_000))
      await sessions.touch('none', sessionOf({ visits: 2 }))
      advance(999)
      expect(await sessions.get('sid')).toMatchObject({
        visits: 1,
        cookie: { expires, originalMaxAge: 1_000 },
      })
      advance(1)
      expect(await sessions.get('sid')).toBeUndefined()
      advance(DAY - 1_001)
      expect(await sessions.get('none')).toMatchObject({ visits: 1, cookie: { expires: null } })
    })

    test('SessionStore.touch() brings no session back', async ({ sessions }) => {
      await sessions.set('sid', sessionOf({}))
      await sessions.destroy('sid')
      await sessions.touch('sid', sessionOf({}))
      expect(await sessions.get('sid')).toBeUndefined()
    })
  })
}

function tellsWhichThereAre(engine: Engine, test: Test): void {
  describe(`SessionStore over ${engine.name}: which sessions there are`, () => {
    test('SessionStore.all(), length() and clear() concern the sessions of its prefix alone', async ({
      store,
      sessions,
      advance,
    }) => {
      const admins = promised(new SessionStore(store, { prefix: 'admin-session:', ...PATIENT }))
      await store.set('session', 'of the application')
      await store.set(1, 'of the application')
      expect([await sessions.all(), await sessions.length()]).toEqual([{}, 0])
      advance(0)
      await sessions.set('a', sessionOf({ name: 'Ada' }))
      await sessions.set('b:__proto__', sessionOf({ name: 'Grace' }))
      await sessions.set('gone', sessionOf({}, 1_000))
      await admins.set('a', sessionOf({ name: 'Root' }))
      advance(1_000)
      const a = expect.objectContaining({ name: 'Ada' })
      const b = expect.objectContaining({ name: 'Grace' })
      expect(await sessions.all()).toEqual({ a, 'b:__proto__': b })
      expect(await sessions.length()).toBe(2)
      await sessions.clear()
      expect([await sessions.length(), await admins.length()]).toEqual([0, 1])
      expect(await sessions.get('a')).toBeUndefined()
      expect(await store.get('session')).toBe('of the application')
    })

    test('SessionStore keeps identifiers apart, of whatever form', async ({ sessions }) => {
      const sids = ['', '__proto__', ':', 'a', 'a:', 'a:b', '%', '*', '\0', 'ö', 'x'.repeat(2_000)]
      await Promise.all(sids.map((sid) => sessions.set(sid, sessionOf({ sid }))))
      for (const sid of sids) expect(await sessions.get(sid)).toMatchObject({ sid })
      expect(Object.keys(await sessions.all()).sort()).toEqual(sids.toSorted())
      await sessions.destroy('a')
      expect(await sessions.get('a')).toBeUndefined()
      expect(await sessions.length()).toBe(sids.length - 1)
    })

    test('SessionStore.set() gives an error for a session that is too large, and keeps no older one', async ({
      sessions,
    }) => {
      await sessions.set('sid', sessionOf({}))
      await expect(sessions.set('sid', sessionOf({ text: 'x'.repeat(3_000_000) }))).rejects.toMatchObject({
        code: 'ERR_DISKCACHE_TOO_LARGE',
      })
      expect(await sessions.get('sid')).toBeUndefined()
    })
  })
}
