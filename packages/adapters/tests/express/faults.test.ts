import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type AsyncStore, DiskCacheError, errorChannel, type Key } from '@diskcache/core'
import { Faults } from '@diskcache/testkit/memory'
import type { Express } from 'express'
import { expect, onTestFinished } from 'vitest'
import { cachedTest as test } from './cached-test.ts'
import { failingEnd } from './failing-end.ts'

const FOR_ALL = 'public, max-age=60, stale-if-error=60'

/** Answers `/<size>` with so many bytes. */
function sized(counted: { runs: number }) {
  return (app: Express) =>
    void app.get('/:size', (req, res) => {
      counted.runs++
      res.set('Cache-Control', FOR_ALL).send(Buffer.alloc(Number(req.params.size), 'x'))
    })
}

/** What the channel of errors is told until the test is over. */
function toldErrors(): unknown[] {
  const errors: unknown[] = []
  const listen = (message: unknown) => errors.push((message as { error: unknown }).error)
  errorChannel.subscribe(listen)
  onTestFinished(() => void errorChannel.unsubscribe(listen))
  return errors
}

type Member = 'get' | 'set' | 'update' | 'read' | 'write'

/** The store, where one member does something else. */
function withMember(store: AsyncStore, member: Member, act: (...args: never[]) => unknown): AsyncStore {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === member) return act
      const found: unknown = Reflect.get(target, name, target)
      return typeof found === 'function' ? found.bind(target) : found
    },
  })
}

const full = () => Promise.reject(new DiskCacheError('ERR_DISKCACHE_FULL', 'Cannot write: the disk is full'))

const MEMBERS: readonly Member[] = ['get', 'set', 'update', 'read', 'write']

for (const member of MEMBERS)
  for (const [name, act] of Object.entries({
    rejects: full,
    throws: () => {
      throw new Error('it fails')
    },
    hangs: () => new Promise(() => {}),
  }))
    test(`cacheResponses() serves without a store whose ${member} ${name}`, async ({ start, store }) => {
      const errors = toldErrors()
      const counted = { runs: 0 }
      const { app } = await start({
        on: withMember(store.promises, member, act),
        storeTimeout: 50,
        collapse: { timeout: 300 },
        handlers: sized(counted),
      })
      for (const size of [10, 2_000_000]) {
        for (let i = 0; i < 3; i++) {
          const answer = await app.ask(`/${size}`)
          expect([answer.status, answer.body.length]).toEqual([200, size])
        }
      }
      await expect.poll(() => errors.length, { timeout: 20_000 }).toBeGreaterThan(0)
    })

test('cacheResponses() leaves a store alone for a while that did not answer in time', async ({
  start,
  store,
}) => {
  const gets: unknown[] = []
  const on = withMember(store.promises, 'get', (key) => {
    gets.push(key)
    return new Promise(() => {})
  })
  const { app, responses } = await start({ on, storeTimeout: 50, handlers: sized({ runs: 0 }) })
  const lookups = () => gets.filter((key) => (key as string[])[1] === 'http').length
  await app.ask('/10')
  await expect.poll(() => responses.health().status, { timeout: 20_000 }).toBe('away')
  const before = lookups()
  for (let i = 0; i < 10; i++) expect((await app.ask('/10')).status).toBe(200)
  expect([before, lookups()]).toEqual([1, 1])
})

test('cacheResponses() serves without a store that is closed', async ({ start, store }) => {
  const errors = toldErrors()
  const { app } = await start({ handlers: sized({ runs: 0 }) })
  await app.ask('/10')
  await store.promises.close()
  for (let i = 0; i < 3; i++) {
    const answer = await app.ask('/10')
    expect([answer.text.length, answer.cache]).toEqual([10, 'diskcache; fwd=bypass; detail=unavailable'])
  }
  expect((errors[0] as DiskCacheError).code).toBe('ERR_DISKCACHE_CLOSED')
})

test('cacheResponses() tells the caller of purge what fails', async ({ start, store }) => {
  const { app, responses } = await start({
    on: withMember(store.promises, 'update', full),
    handlers: sized({ runs: 0 }),
  })
  await expect(responses.purge({ url: `${app.origin}/` })).rejects.toThrow('the disk is full')
})

for (const part of ['index', 'variant', 'body'])
  for (const size of [10, 2_000_000])
    test(`cacheResponses() takes a response of ${size} bytes without its ${part} for a miss`, async ({
      start,
      store,
      activity,
    }) => {
      const counted = { runs: 0 }
      const { app } = await start({ handlers: sized(counted) })
      await app.ask(`/${size}`)
      await activity.settled()
      const lost = [...store.keys()].filter((key) => (key as readonly string[])[3] === part)
      for (const key of lost) store.delete(key)
      const answer = await app.ask(`/${size}`)
      expect([answer.status, answer.body.length]).toEqual([200, size])
      expect(counted.runs).toBe(lost.length === 0 ? 1 : 2)
    })

const STRANGE: readonly unknown[] = [
  undefined,
  null,
  1,
  'text',
  [],
  { format: 2 },
  { format: 'x' },
  new Map(),
]

for (const part of ['index', 'variant', 'lease'])
  for (const value of STRANGE)
    test(`cacheResponses() takes ${JSON.stringify(value)} in place of its ${part} for a miss`, async ({
      start,
      store,
      activity,
    }) => {
      const counted = { runs: 0 }
      const { app } = await start({ collapse: { timeout: 100 }, handlers: sized(counted) })
      await app.ask('/10')
      await activity.settled()
      const keys: Key[] = [...store.keys()].filter((key) => (key as readonly string[])[3] === part)
      for (const key of keys) store.set(key, value)
      const answer = await app.ask('/10')
      expect([answer.status, answer.body.length]).toEqual([200, 10])
    })

const DAMAGES: readonly object[] = [
  { status: 99 },
  { status: '404' },
  { size: -1 },
  { policy: {} },
  { policy: null },
  { headers: [1] },
  {
    headers: [
      ['X-Fine', 'yes'],
      ['X Y', 'no'],
    ],
  },
  {
    headers: [
      ['X-Fine', 'yes'],
      ['X-Bad', 'a\nb'],
    ],
  },
  { headers: [['X-Bad', null]] },
  { removed: [1] },
]

for (const [name, failing] of Object.entries({ 'a hit': false, 'a failing application': true }))
  for (const damage of DAMAGES)
    test(`cacheResponses() takes a row with ${JSON.stringify(damage)} for a miss, on ${name}`, async ({
      start,
      store,
      activity,
      clock,
    }) => {
      let runs = 0
      const { app } = await start({
        handlers: (app) =>
          app.get('/', (_req, res) => {
            const isFailing = ++runs > 1 && failing
            res
              .status(isFailing ? 503 : 200)
              .set('Cache-Control', FOR_ALL)
              .set('X-Run', String(runs))
              .send('own')
          }),
      })
      await app.ask('/')
      await activity.settled()
      const [key] = [...store.keys()].filter((key) => (key as readonly string[])[3] === 'variant')
      store.set(key as Key, { ...(store.get(key as Key) as object), ...damage })
      if (failing) clock.advance(61_000)
      const { status, headers, text } = await app.ask('/')
      expect([status, headers['x-run'], headers['x-fine'], text]).toEqual([
        failing ? 503 : 200,
        '2',
        undefined,
        'own',
      ])
    })

test('cacheResponses() cuts an answer short that middleware before it keeps from being sent', async ({
  start,
  activity,
}) => {
  const errors = toldErrors()
  let isBroken = false
  const { app } = await start({
    before: [failingEnd(() => isBroken)],
    handlers: sized({ runs: 0 }),
  })
  await app.ask('/10')
  await activity.settled()
  isBroken = true
  await expect(app.ask('/10')).rejects.toThrow(/hang up/)
  expect(String(errors)).toContain('it fails')
})

test('cacheResponses() takes a body of another length for a miss', async ({ start, store, activity }) => {
  const counted = { runs: 0 }
  const { app } = await start({ handlers: sized(counted) })
  await app.ask('/2000000')
  await activity.settled()
  const [key] = [...store.keys()].filter((key) => (key as readonly string[])[3] === 'body')
  store.set(key as Key, Buffer.alloc(5))
  // A stream does not say how long it is: the connection breaks, and nobody takes this for the whole.
  await expect(app.ask('/2000000')).rejects.toThrow(/aborted|hang up/)
})

test('cacheResponses() serves without a directory that is removed', async ({
  start,
  store,
  directory,
  activity,
}) => {
  const counted = { runs: 0 }
  const { app } = await start({ handlers: sized(counted) })
  await app.ask('/2000000')
  await activity.settled()
  for (const name of ['00', '0', 'cache.db-wal'])
    rmSync(join(directory, name), { recursive: true, force: true })
  const [key] = [...store.keys()].filter((key) => (key as readonly string[])[3] === 'body')
  store.delete(key as Key)
  expect((await app.ask('/2000000')).body.length).toBe(2_000_000)
})

test('cacheResponses() serves everybody right over a store that fails now and then', async ({
  start,
  store,
}) => {
  const faults = new Faults({ seed: 7, perMille: 200, delay: 3 })
  const bodies = new Map(Array.from({ length: 8 }, (_, at) => [`/${at}`, randomBytes(at * 20_000)]))
  const { app } = await start({
    on: faults.in(store.promises),
    storeTimeout: 200,
    collapse: { timeout: 500, lease: 200 },
    handlers: (app) =>
      app.use(async (req, res) => {
        await delay(2)
        res.set('Cache-Control', 'max-age=60').end(bodies.get(req.path))
      }),
  })
  for (let round = 0; round < 6; round++) {
    const asked = [...bodies].flatMap((entry) => [entry, entry, entry])
    const answers = await Promise.all(asked.map(([path]) => app.ask(path)))
    for (const [at, { status, body }] of answers.entries()) {
      expect(status).toBe(200)
      expect(body.equals(asked[at]?.[1] as Buffer)).toBe(true)
    }
  }
  faults.perMille = 0
})
