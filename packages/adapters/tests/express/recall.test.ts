import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import type { Express, RequestHandler } from 'express'
import { expect } from 'vitest'
import { cacheResponses } from '../../src/express/index.ts'
import { type Start, cachedTest as test } from './cached-test.ts'

const FOR_ALL = 'public, max-age=60'

/** The same store, with a count of its reads. */
function countingReads(store: AsyncStore): { store: AsyncStore; count: { reads: number } } {
  const count = { reads: 0 }
  const counting = new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      if (name === 'get' || name === 'getMany') count.reads++
      return member.bind(target)
    },
  })
  return { store: counting, count }
}

const handlers = (app: Express) => {
  let runs = 0
  app.get('/:size', (req, res) => {
    const body = `run ${++runs} `.padEnd(Number(req.params.size), 'x')
    res.set({ 'Cache-Control': FOR_ALL, 'Cache-Tag': 'one, two' }).send(body)
  })
}

const SIZES = { 'in its row': 1_000, 'with a row of its own': 100_000 }

for (const [place, size] of Object.entries(SIZES))
  test(`cacheResponses() reads nothing for a hit with its body ${place} while nothing changes`, async ({
    start,
    store,
    activity,
    clock,
  }) => {
    const { store: on, count } = countingReads(store.promises)
    const { app } = await start({ on, handlers })
    for (let i = 0; i < 3; i++) {
      await app.ask(`/${size}`)
      await activity.settled()
    }
    const before = count.reads
    for (let i = 0; i < 5; i++) expect((await app.ask(`/${size}`)).cache).toBe('diskcache; hit; ttl=60')
    const range = await app.ask(`/${size}`, { headers: { range: 'bytes=0-4' } })
    expect([range.status, range.text]).toEqual([206, 'run 1'])
    expect(count.reads).toBe(before)
    // What is in use must look so to the store, which evicts the rest.
    clock.advance(6_000)
    await app.ask(`/${size}`)
    expect(count.reads).toBeGreaterThan(before)
  })

test('cacheResponses() leaves alone what something else answers before a hit is sent', async ({
  start,
  activity,
}) => {
  const told: unknown[] = []
  const late: RequestHandler = (req, res, next) => {
    next()
    if (req.query.late !== undefined) res.status(503).end('too late')
  }
  const { app } = await start({
    before: [late],
    handlers,
    query: { ignore: ['late'] },
    onError: (error) => told.push(error),
  })
  await app.ask('/1000')
  await activity.settled()
  expect((await app.ask('/1000')).cache).toBe('diskcache; hit; ttl=60')
  const answer = await app.ask('/1000?late')
  expect([answer.status, answer.text, told]).toEqual([503, 'too late', []])
})

const PURGES = {
  url: (origin: string) => ({ url: `${origin}/1000` }),
  'the first tag': () => ({ tag: 'one' }),
  'a further tag': () => ({ tag: 'two' }),
}

/** Answers from memory until another connection purges. */
async function purgedElsewhere(
  start: Start,
  stores: { on: AsyncStore; other: AsyncStore },
  purge: keyof typeof PURGES,
) {
  const { app } = await start({ on: stores.on, handlers })
  const elsewhere = cacheResponses(stores.other)
  for (let i = 0; i < 3; i++) await app.ask('/1000')
  expect((await app.ask('/1000')).text).toContain('run 1')
  expect(await elsewhere.purge(PURGES[purge](app.origin))).toBe(true)
  expect((await app.ask('/1000')).text).toContain('run 2')
}

for (const purge of Object.keys(PURGES) as (keyof typeof PURGES)[]) {
  test(`cacheResponses() heeds a purge of ${purge} by another connection at once`, async ({
    start,
    store,
    directory,
    clock,
  }) => {
    using other = new Cache(directory, { clock: clock.now })
    await purgedElsewhere(start, { on: store.promises, other: other.promises }, purge)
  })

  test(`cacheResponses() heeds a purge of ${purge} by another connection to shards at once`, async ({
    start,
    directory,
    clock,
  }) => {
    const options = { clock: clock.now, shards: 2, tagIndex: true }
    using on = new FanoutCache(`${directory}/fanout`, options)
    using other = new FanoutCache(`${directory}/fanout`, options)
    await purgedElsewhere(start, { on: on.promises, other: other.promises }, purge)
  })
}

test('cacheResponses() does not answer from memory what has expired', async ({ start, activity, clock }) => {
  const { app } = await start({ handlers })
  for (let i = 0; i < 3; i++) {
    await app.ask('/1000')
    await activity.settled()
  }
  clock.advance(200_000)
  expect((await app.ask('/1000')).text).toContain('run 2')
})
