import type { AsyncStore } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { Memory, MemoryStore } from '@diskcache/testkit/memory'
import type { Express } from 'express'
import { describe, expect } from 'vitest'
import { Application } from './application.ts'
import { cachedTest as test } from './cached-test.ts'

const FOR_ALL = 'public, max-age=60'

type Open = (directory: string, clock: () => number) => AsyncStore

/** What a response cache can stand on; the last one is like an engine without streams that has many tags. */
const STORES: Readonly<Record<string, Open | undefined>> = {
  Cache: undefined,
  FanoutCache: (directory, clock) =>
    new FanoutCache(`${directory}/fanout`, { clock, shards: 2, tagIndex: true }).promises,
  'a store without streams': (_directory, clock) =>
    new MemoryStore({ clock, memory: new Memory(), sizeLimit: 1e9 }),
}

/** `test` with a store of this kind, and a count of what the application has answered. */
function testOn(open: (typeof STORES)[keyof typeof STORES]) {
  return test.extend<{ on: AsyncStore; counted: { runs: number } }>({
    on: async ({ store, directory, clock }, use) => {
      const opened = open?.(directory, clock.now)
      await use(opened ?? store.promises)
      await opened?.close()
    },
    // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
    counted: async ({}, use) => use({ runs: 0 }),
  })
}

/** `/<size>?<tags>` */
const handlersOf = (counted: { runs: number }) => (app: Express) =>
  void app.get('/:size', (req, res) => {
    counted.runs++
    const tags = Object.keys(req.query).join(', ')
    if (tags) res.set('Cache-Tag', tags)
    res.set('Cache-Control', FOR_ALL).send('x'.repeat(Number(req.params.size)))
  })

for (const [name, open] of Object.entries(STORES)) {
  describe(`cacheResponses() on ${name}`, () => {
    const storeTest = testOn(open)

    for (const size of [0, 10, 1_000_000])
      storeTest(
        `keeps ${size} bytes, and purges them by URL`,
        async ({ start, on, activity, clock, counted }) => {
          const { app, responses } = await start({ on, handlers: handlersOf(counted) })
          for (let i = 0; i < 2; i++) {
            expect((await app.ask(`/${size}?a=%20`)).body.length).toBe(size)
            await activity.settled()
          }
          expect(counted.runs).toBe(1)
          clock.advance(1)
          expect(await responses.purge({ url: `${app.origin}/${size}` })).toBe(false)
          expect(await responses.purge({ url: `${app.origin}/${size}?a=%20` })).toBe(true)
          expect(await responses.purge({ url: `${app.origin}/${size}?a=%20` })).toBe(false)
          clock.advance(1)
          expect((await app.ask(`/${size}?a=%20`)).body.length).toBe(size)
          expect(counted.runs).toBe(2)
        },
      )

    storeTest('purges by each of several tags', async ({ start, on, activity, clock, counted }) => {
      const { app, responses } = await start({ on, tags: ['site'], handlers: handlersOf(counted) })
      const paths = ['/10?one', '/10?one&two', '/100000?two&one', '/10?three']
      for (const [tag, runs] of [
        ['one', 7],
        ['two', 9],
        ['three', 10],
        ['site', 14],
        ['four', 14],
      ] as const) {
        for (const path of paths) await app.ask(path)
        await activity.settled()
        clock.advance(1)
        expect(await responses.purge({ tag })).toBe(tag !== 'four')
        clock.advance(1)
        for (const path of paths) await app.ask(path)
        await activity.settled()
        expect([tag, counted.runs]).toEqual([tag, runs])
      }
    })
  })

  describe(`cacheResponses() on ${name}, under way and listed`, () => {
    const storeTest = testOn(open)

    storeTest('purges what is being made', async ({ start, on, activity, clock }) => {
      let runs = 0
      let meanwhile: () => Promise<unknown> = async () => {}
      const { app, responses } = await start({
        on,
        handlers: (app) =>
          app.get('/', async (_req, res) => {
            runs++
            clock.advance(1)
            await meanwhile()
            clock.advance(1)
            res.set({ 'Cache-Control': FOR_ALL, 'Cache-Tag': 'one, two' }).send('x'.repeat(100_000))
          }),
      })
      const purges = [
        () => responses.purge({ url: `${app.origin}/` }),
        () => responses.purge({ tag: 'one' }),
        () => responses.purge({ tag: 'two' }),
      ]
      for (const purge of purges) {
        meanwhile = purge
        await app.ask('/')
        await activity.settled()
      }
      expect(runs).toBe(3)
      meanwhile = async () => {}
      for (let i = 0; i < 2; i++) {
        await app.ask('/')
        await activity.settled()
      }
      expect(runs).toBe(4)
    })

    storeTest('lists what is stored', async ({ start, on, activity, clock, counted }) => {
      const { app, responses } = await start({ on, name: 'shop', handlers: handlersOf(counted) })
      for (const path of ['/10?one&two', '/100000', '/10?one&two']) {
        await app.ask(path)
        await activity.settled()
      }
      const storedAt = clock.time
      const common = { status: 200, storedAt, freshUntil: storedAt + 60_000 }
      const listed = await Array.fromAsync(responses.list())
      expect(listed.sort((a, b) => a.size - b.size)).toEqual([
        { ...common, url: `${app.origin}/10?one&two`, size: 10, tags: ['one', 'two'], hits: 1 },
        { ...common, url: `${app.origin}/100000`, size: 100_000, tags: [], hits: 0 },
      ])
      clock.advance(1)
      await responses.purge({ tag: 'two' })
      expect((await Array.fromAsync(responses.list())).map(({ size }) => size)).toEqual([100_000])
    })
  })
}

test('cacheResponses() keeps names apart on one store', async ({ start, activity, clock }) => {
  const handlers = (name: string) => (app: Express) =>
    void app.get(
      '/',
      (_req, res) => void res.set({ 'Cache-Control': FOR_ALL, 'Cache-Tag': 'all' }).send(name),
    )
  const one = await start({ name: 'one', handlers: handlers('one') })
  const two = await start({ name: 'two', handlers: handlers('two') })
  const headers = { host: 'example.com' }
  for (let i = 0; i < 2; i++) {
    expect([(await one.app.ask('/', { headers })).text, (await two.app.ask('/', { headers })).text]).toEqual([
      'one',
      'two',
    ])
    await activity.settled()
  }
  clock.advance(1)
  await one.responses.purge({ tag: 'all' })
  expect((await two.app.ask('/', { headers })).cache).toContain('hit')
  expect((await one.app.ask('/', { headers })).cache).not.toContain('hit')
})

for (const size of [10, 100_000])
  test(`cacheResponses() does not serve ${size} bytes from memory that another has purged or replaced`, async ({
    start,
    store,
    activity,
    clock,
  }) => {
    let runs = 0
    const handlers = (app: Express) =>
      void app.all('/:name', (req, res) => {
        if (req.params.name === 'tagged') res.set('Cache-Tag', 'all')
        res.set('Cache-Control', FOR_ALL).send(`${++runs} `.padEnd(size, 'x'))
      })
    const headers = { host: 'example.com' }
    const { app: one } = await start({ handlers })
    const { app: two, responses } = await start({ handlers })
    const runOf = async (app: Application, path: string) => {
      const { text } = await app.ask(path, { headers })
      await activity.settled()
      return Number.parseInt(text, 10)
    }
    const replace = async () => {
      clock.advance(2_000)
      await two.ask('/plain', { headers: { ...headers, 'cache-control': 'no-cache' } })
    }
    const changes: [path: string, change: () => Promise<unknown>][] = [
      ['/plain', () => responses.purge({ url: 'http://example.com/plain' })],
      ['/tagged', () => responses.purge({ tag: 'all' })],
      ['/plain', () => two.ask('/plain', { method: 'POST', headers })],
      ['/plain', replace],
      ['/plain', async () => void store.clear()],
    ]
    for (const [path, change] of changes) {
      const first = await runOf(one, path)
      expect([await runOf(one, path), await runOf(one, path)]).toEqual([first, first])
      clock.advance(1)
      await change()
      await activity.settled()
      clock.advance(1)
      expect(await runOf(one, path)).toBeGreaterThan(first)
    }
  })

test('cacheResponses() leaves no row behind that nothing leads to', async ({
  start,
  store,
  activity,
  clock,
}) => {
  const { app } = await start({
    handlers: (app) =>
      app.get('/', (_req, res) => void res.set('Cache-Control', FOR_ALL).send('x'.repeat(100_000))),
  })
  for (let i = 0; i < 3; i++) {
    await app.ask('/')
    await activity.settled()
    clock.advance(61_000)
  }
  // Of the last response: its index, its head and its body.
  expect(store.size).toBe(3)
})

test('cacheResponses() closes a store that it has opened, and lets the application go on', async ({
  directory,
}) => {
  const { cacheResponses } = await import('../../src/express/index.ts')
  let runs = 0
  const cache = cacheResponses(`${directory}/own`, { cache: { sizeLimit: 1e6 } })
  await using app = await Application.start({
    cache,
    handlers: (app) =>
      app.get('/', (_req, res) => void res.set('Cache-Control', FOR_ALL).send(String(++runs))),
  })
  for (let i = 0; i < 3; i++) expect((await app.ask('/')).text).toBe('1')
  await cache.close()
  await cache.close()
  expect((await app.ask('/')).text).toBe('2')
  expect((await app.ask('/')).cache).toBe('diskcache; fwd=bypass; detail=closed')
})
