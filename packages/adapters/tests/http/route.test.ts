import type { IncomingMessage, ServerResponse } from 'node:http'
import { Cache } from '@diskcache/cache'
import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'
import { HttpCache } from '../../src/http/index.ts'
import { Activity } from './activity.ts'
import { listenerOf } from './engine.ts'
import { listen } from './platforms.ts'

test('HttpCache.route() has options of its own, and store, list and purge of the whole', async ({
  directory,
}) => {
  const activity = new Activity()
  await using store = new Cache(directory, { tagIndex: true })
  const cache = new HttpCache<IncomingMessage, ServerResponse>(activity.watch(store.promises), {
    storeTimeout: 20_000,
    tags: ['all'],
  })
  const route = cache.route({ ttl: 60_000, tags: undefined })
  let runs = 0
  const answer = (_req: IncomingMessage, res: ServerResponse) => void res.end(`run ${++runs}`)
  const [ofRoute, ofAll] = [listenerOf(route, answer), listenerOf(cache, answer)]
  await using app = await listen((req, res) => (req.url === '/route' ? ofRoute : ofAll)(req, res), cache)
  const ask = async (path: string) => {
    const { text } = await app.ask(path)
    await activity.settled()
    return text
  }
  expect([await ask('/route'), await ask('/route')]).toEqual(['run 1', 'run 1'])
  expect([await ask('/other'), await ask('/other')]).toEqual(['run 2', 'run 3'])
  const [row, ...others] = await Array.fromAsync(cache.list())
  expect(row).toMatchObject({ tags: ['all'], hits: 1 })
  expect(others).toEqual([])
  expect(await cache.purge({ tag: 'all' })).toBe(true)
  expect(await ask('/route')).toBe('run 4')
})

test('HttpCache keeps its rows for their own times in a store with a ttl', async ({ directory }) => {
  const activity = new Activity()
  // What is written without a time to live would be gone at once.
  await using store = new Cache(directory, { ttl: 0 })
  const options = { storeTimeout: 20_000, ttl: 60_000, tags: ['a', 'b'] }
  const cache = new HttpCache<IncomingMessage, ServerResponse>(activity.watch(store.promises), options)
  let runs = 0
  const listener = listenerOf(cache, (_req, res) => void res.end(`run ${++runs}`.padEnd(100_000)))
  await using app = await listen(listener, cache)
  const ask = async () => {
    const { text } = await app.ask('/page?a=1')
    await activity.settled()
    return text.trim()
  }
  expect([await ask(), await ask()]).toEqual(['run 1', 'run 1'])
  expect(await cache.purge({ tag: 'b' })).toBe(true)
  expect([await ask(), await ask()]).toEqual(['run 2', 'run 2'])
})

test('HttpCache asks in the foreground where an exchange cannot ask again', async ({ directory, clock }) => {
  const activity = new Activity()
  await using store = new Cache(directory, { clock: clock.now })
  const cache = new HttpCache<IncomingMessage, ServerResponse>(activity.watch(store.promises), {
    ...{ storeTimeout: 20_000, clock: clock.now },
    ...{ ttl: 1_000, staleWhileRevalidate: 60_000 },
  })
  let runs = 0
  const listener = listenerOf(cache, (_req, res) => void res.end(`run ${++runs}`))
  await using app = await listen(listener, cache)
  for (const text of ['run 1', 'run 2']) {
    expect((await app.ask('/')).text).toBe(text)
    await activity.settled()
    clock.advance(2_000)
  }
})

test('HttpCache.close() lets the requests of routes go past the cache, too', async ({ directory }) => {
  await using store = new Cache(directory)
  const cache = new HttpCache<IncomingMessage, ServerResponse>(store, {})
  const listener = listenerOf(cache.route({ ttl: 60_000 }), (_req, res) => void res.end())
  await using app = await listen(listener, cache)
  await cache.close()
  expect((await app.ask('/')).cache).toBe('diskcache; fwd=bypass; detail=closed')
})

test('HttpCache tells onError what its store fails with', async ({ directory }) => {
  const store = new Cache(directory)
  const errors: unknown[] = []
  const cache = new HttpCache<IncomingMessage, ServerResponse>(store, {
    onError: (error) => void errors.push(error),
  })
  await using app = await listen(
    listenerOf(cache, (_req, res) => void res.end('answered')),
    cache,
  )
  store.close()
  expect((await app.ask('/')).text).toBe('answered')
  expect(errors).toMatchObject([{ code: 'ERR_DISKCACHE_CLOSED' }])
})

test('HttpCache.route() refuses what holds for a whole store', async ({ directory }) => {
  await using cache = new HttpCache(directory)
  for (const option of [
    { name: 'a' },
    { cache: {} },
    { storeTimeout: 1 },
    { clock: Date.now },
    { onError() {} },
  ])
    expect(() => cache.route(option as object)).toThrow(`Cannot use ${Object.keys(option)} for a route`)
  expect(() => cache.route({ ttl: 0 })).toThrow('Cannot use ttl')
})
