import { setImmediate as turn } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { errorChannel } from '@diskcache/core'
import { directoryTest } from '@diskcache/testkit'
import { Store } from 'express-session'
import { describe, expect, onTestFinished, vi } from 'vitest'
import { failingStore } from '../../tests/nest/failing-store.ts'
import { sessionSuite } from '../../tests/session/session-suite.ts'
import {
  CACHE,
  ENGINES,
  PATIENT,
  promised,
  sessionOf,
  sessionTest,
} from '../../tests/session/session-test.ts'
import { SessionStore } from './session-store.ts'

for (const engine of ENGINES) sessionSuite(engine)

const test = sessionTest(CACHE)

describe('SessionStore: errors', () => {
  test('SessionStore tells the callback what fails, and no one when there is none', async ({ store }) => {
    const sessions = new SessionStore(store, PATIENT)
    const calls = promised(sessions)
    const circular: { self?: object } = {}
    circular.self = circular
    await expect(calls.set('sid', sessionOf(circular))).rejects.toThrow(/circular/)
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

describe('SessionStore: damaged rows', () => {
  test.for([
    ...[
      'no JSON',
      '5',
      '"x"',
      'null',
      '[]',
      '{}',
      '{"cookie":null}',
      '{"cookie":{"expires":{"toString":1}}}',
    ],
    ...[5, null, { cookie: {} }],
  ])(
    'SessionStore passes over the row %o, tells it, and removes it once it is asked for',
    async (row, { store }) => {
      const told: unknown[] = []
      const listen = (message: unknown) => told.push(message)
      errorChannel.subscribe(listen)
      onTestFinished(() => void errorChannel.unsubscribe(listen))
      const calls = promised(new SessionStore(store, PATIENT))
      await calls.set('sid', sessionOf({ visits: 1 }))
      await store.set('session:damaged', row)
      expect(Object.keys(await calls.all())).toEqual(['sid'])
      expect(told).toMatchObject([{ key: 'session:damaged', error: expect.any(Error) }])
      expect(await store.has('session:damaged')).toBe(true)
      expect(await calls.get('damaged')).toBeUndefined()
      expect(await store.has('session:damaged')).toBe(false)
    },
  )
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
