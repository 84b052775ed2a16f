import { setImmediate as turn } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { Store } from 'express-session'
import { describe, expect, onTestFinished, vi } from 'vitest'
import { failingStore } from '../../tests/nest/failing-store.ts'
import {
  CACHE,
  ENGINES,
  PATIENT,
  promised,
  sessionOf,
  sessionTest,
} from '../../tests/session/session-test.ts'
import { SessionStore } from './session-store.ts'

const DAY = 24 * 3_600_000

for (const engine of ENGINES) {
  const test = sessionTest(engine).extend<{ sessions: ReturnType<typeof promised> }>({
    sessions: async ({ store }, use) => use(promised(new SessionStore(store, PATIENT))),
  })

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

const test = sessionTest(CACHE)

describe('SessionStore: errors', () => {
  test('SessionStore tells the callback what fails, and no one when there is none', async ({ store }) => {
    const sessions = new SessionStore(store, PATIENT)
    const calls = promised(sessions)
    const circular: { self?: object } = {}
    circular.self = circular
    await expect(calls.set('sid', sessionOf(circular))).rejects.toThrow(/circular/)
    await store.set('session:foreign', 'no JSON')
    await expect(calls.get('foreign')).rejects.toThrow(SyntaxError)
    await expect(calls.all()).rejects.toThrow(SyntaxError)
    await store.delete('session:foreign')

    sessions.set('sid', sessionOf({ visits: 1 }))
    sessions.touch('sid', sessionOf({}))
    expect(await calls.get('sid')).toMatchObject({ visits: 1 })
    sessions.set('sid', sessionOf(circular))
    sessions.destroy('sid')
    expect(await calls.get('sid')).toBeUndefined()
    sessions.clear()
    await calls.length()
    await turn()
  })

  test('SessionStore calls a callback once, later, and outside of its promises', async ({ store }) => {
    const sessions = new SessionStore(store, PATIENT)
    const uncaught = vi.fn()
    const listeners = process.listeners('uncaughtException')
    onTestFinished(() => {
      process.removeAllListeners('uncaughtException')
      for (const listener of listeners) process.on('uncaughtException', listener)
    })
    process.removeAllListeners('uncaughtException').on('uncaughtException', uncaught)
    const callback = vi.fn(() => {
      throw new Error('of the application')
    })
    sessions.get('sid', callback)
    expect(callback).not.toHaveBeenCalled()
    await expect.poll(() => uncaught.mock.calls.length, { timeout: 20_000 }).toBe(1)
    expect(callback.mock.calls).toEqual([[null, undefined]])
    expect(uncaught.mock.calls[0]?.[1]).toBe('uncaughtException')
  })

  test('SessionStore fails while the store is away, and stays connected', async ({ store }) => {
    const away = failingStore(store, ['getEntry', 'get', 'set', 'has', 'update'])
    const sessions = new SessionStore(away, PATIENT)
    const calls = promised(sessions)
    const told = vi.fn()
    sessions.on('disconnect', told).on('connect', told).on('error', told)
    const unavailable = { code: 'ERR_DISKCACHE_UNAVAILABLE' }
    await expect(calls.get('sid')).rejects.toThrow()
    await expect.poll(() => sessions.health().status, { timeout: 20_000 }).toBe('away')
    await expect(calls.get('sid')).rejects.toMatchObject(unavailable)
    await expect(calls.set('sid', sessionOf({}))).rejects.toMatchObject(unavailable)
    expect(sessions.health()).toMatchObject({ status: 'away', error: { message: 'no disk' } })
    expect(told).not.toHaveBeenCalled()
  })
})

describe('SessionStore: options', () => {
  test('SessionStore with disableTouch leaves the time to live', async ({ store, advance }) => {
    const sessions = promised(new SessionStore(store, { disableTouch: true, ...PATIENT }))
    advance(0)
    await sessions.set('sid', sessionOf({}, 1_000))
    advance(900)
    await sessions.touch('sid', sessionOf({}, 1_000))
    advance(100)
    expect(await sessions.get('sid')).toBeUndefined()
  })

  test('SessionStore opens a directory with options of Cache, and closes what it opened', async ({
    directory,
    store,
  }) => {
    const own = new SessionStore(`${directory}/own`, { sizeLimit: 1_000, ...PATIENT })
    const calls = promised(own)
    await calls.set('sid', sessionOf({}))
    own.set('last', sessionOf({ name: 'Ada' }))
    await own.close()
    await own.close()
    await expect(calls.get('sid')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    const again = new SessionStore(`${directory}/own`, PATIENT)
    expect(await promised(again).get('last')).toMatchObject({ name: 'Ada' })
    await again.close()
    await new SessionStore(store).close()
    expect(await store.count()).toBe(0)
  })

  test('SessionStore is a Store of express-session', ({ store }) => {
    expect(new SessionStore(store)).toBeInstanceOf(Store)
  })

  test.for([
    [{ prefix: 1 }, 'Cannot use prefix: expected a string, got 1'],
    [{ prefix: '' }, /Cannot use prefix: .* ends with its only colon, such as 'admin-session:', got ''/],
    [{ prefix: 'session' }, /got 'session'/],
    [{ prefix: 'session:admin:' }, /got 'session:admin:'/],
    [{ prefix: '\ud800:' }, /Cannot use prefix/],
    [{ ttl: 0 }, 'Cannot use ttl: expected a number of at least 1, or Infinity, got 0'],
    [{ ttl: '1h' }, /Cannot use ttl: expected a number/],
    [{ disableTouch: 1 }, /Cannot use disableTouch: expected a boolean/],
    [{ storeTimeout: 0 }, /Cannot use storeTimeout/],
    [{ sizeLimit: 1 }, /unknown option 'sizeLimit'/],
  ] as const)('SessionStore refuses %o', ([options, message], { store }) => {
    expect(() => new SessionStore(store, options as object)).toThrow(message)
  })
})

directoryTest(
  'SessionStore keeps sessions for their own time in a store with a ttl',
  async ({ directory }) => {
    await using store = new Cache(directory, { ttl: 0 })
    const sessions = promised(new SessionStore(store, PATIENT))
    await sessions.set('sid', sessionOf({ visits: 1 }))
    expect(await sessions.get('sid')).toMatchObject({ visits: 1 })
  },
)
