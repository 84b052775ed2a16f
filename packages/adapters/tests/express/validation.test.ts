import type { AsyncStore } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { Memory, MemoryStore } from '@diskcache/testkit/memory'
import type { Express } from 'express'
import { expect } from 'vitest'
import { cachedTest as test } from './cached-test.ts'

type Open = (directory: string, clock: () => number) => AsyncStore

/** What a response cache can stand on; the last one is like an engine without streams that has many tags. */
const STORES: Readonly<Record<string, Open | undefined>> = {
  Cache: undefined,
  FanoutCache: (directory, clock) =>
    new FanoutCache(`${directory}/fanout`, { clock, shards: 2, tagIndex: true }).promises,
  'a store without streams': (_directory, clock) =>
    new MemoryStore({ clock, memory: new Memory(), sizeLimit: 1e9 }),
}

const MINUTE = 60_000

/** Sends always the same, of which Express makes an entity tag by which it judges conditions. */
const sameOf = (size: number, tags: readonly string[]) => (app: Express) =>
  void app.get('/', (_req, res) => {
    if (tags.length > 0) res.set('Cache-Tag', tags.join(', '))
    res.set('Cache-Control', 'public, max-age=60').send('x'.repeat(size))
  })

for (const [name, open] of Object.entries(STORES))
  for (const size of [0, 10, 200_000, 3_000_000])
    for (const tags of [[], ['a', 'b']])
      test(`cacheResponses() on ${name} makes ${size} bytes with ${tags.length} tags fresh anew by a 304`, async ({
        start,
        store,
        directory,
        activity,
        clock,
      }) => {
        const on = open?.(directory, clock.now)
        const { app, responses } = await start({ on: on ?? store.promises, handlers: sameOf(size, tags) })
        const seen: [string, number][] = []
        const ask = async (after: number) => {
          clock.advance(after)
          const { cache, body } = await app.ask('/')
          seen.push([cache, body.length])
          await activity.settled()
        }
        await ask(0)
        for (let round = 0; round < 3; round++) for (const after of [MINUTE, MINUTE - 1]) await ask(after)
        const rounds = Array.from({ length: 3 }, () => ['fwd=stale; fwd-status=304; ttl=60', 'hit; ttl=0'])
        const expected = ['fwd=uri-miss; stored', ...rounds.flat()]
        expect(seen).toEqual(expected.map((text) => [`diskcache; ${text}`, size]))
        if (tags.length > 0) expect(await responses.purge({ tag: 'b' })).toBe(true)
        else expect(await responses.purge({ url: `${app.origin}/` })).toBe(true)
        clock.advance(1)
        await ask(0)
        expect(seen.at(-1)?.[0]).not.toContain('hit')
        await responses.close()
        await on?.close()
      })

test('cacheResponses() makes nothing fresh that was purged while it was validated', async ({
  start,
  activity,
  clock,
}) => {
  let purge = async (): Promise<unknown> => undefined
  const { app, responses } = await start({
    handlers: (app) =>
      app.get('/', async (_req, res) => {
        await purge()
        res.set({ 'Cache-Control': 'public, max-age=60', 'Cache-Tag': 'a' }).send('page')
      }),
  })
  for (const what of [{ url: `${app.origin}/` }, { tag: 'a' }]) {
    purge = async () => undefined
    await app.ask('/')
    await activity.settled()
    purge = () => responses.purge(what)
    clock.advance(MINUTE)
    expect((await app.ask('/')).cache).toContain('fwd-status=304')
    await activity.settled()
    expect(await Array.fromAsync(responses.list())).toEqual([])
    clock.advance(1)
  }
})

test('cacheResponses() makes nothing fresh of which middleware before it says late that it is private', async ({
  start,
  activity,
  clock,
}) => {
  let isPrivate = false
  const { app } = await start({
    before: [
      (_req, res, next) => {
        const { writeHead } = res
        res.writeHead = (...args: unknown[]) => {
          if (isPrivate) res.setHeader('Set-Cookie', 'sid=1')
          return Reflect.apply(writeHead, res, args)
        }
        next()
      },
    ],
    handlers: sameOf(10, []),
  })
  await app.ask('/')
  await activity.settled()
  isPrivate = true
  clock.advance(MINUTE)
  expect((await app.ask('/')).headers['set-cookie']).toEqual(['sid=1'])
  await activity.settled()
  isPrivate = false
  const last = await app.ask('/')
  expect([last.headers['set-cookie'], last.cache]).toEqual([
    undefined,
    'diskcache; fwd=stale; fwd-status=304; ttl=60',
  ])
})

test('cacheResponses() gives handlers the fields of the client back with the head', async ({
  start,
  activity,
  clock,
}) => {
  const seen: unknown[] = []
  const { app } = await start({
    handlers: (app) =>
      app.get('/', (req, res) => {
        seen.push(req.headers['if-none-match'])
        res.set({ 'Cache-Control': 'public, max-age=60', ETag: '"one"' }).send('page')
        seen.push(req.headers['if-none-match'])
      }),
  })
  await app.ask('/')
  await activity.settled()
  clock.advance(MINUTE)
  await app.ask('/', { headers: { 'if-none-match': '"two"' } })
  await activity.settled()
  clock.advance(MINUTE)
  await app.ask('/')
  expect(seen).toEqual([undefined, undefined, '"one"', '"two"', '"one"', undefined])
})

test('cacheResponses() sees at once that another process has made a response fresh anew', async ({
  start,
  activity,
  clock,
}) => {
  const [one, other] = [await start({ handlers: sameOf(10, []) }), await start({ handlers: sameOf(10, []) })]
  const headers = { host: 'one.example' }
  const ask = async ({ app }: typeof one, after: number) => {
    clock.advance(after)
    const { cache } = await app.ask('/', { headers })
    await activity.settled()
    return cache
  }
  await ask(one, 0)
  expect(await ask(other, MINUTE - 1)).toContain('hit; ttl=0')
  expect(await ask(one, 1)).toContain('fwd-status=304')
  expect(await ask(other, 1_000)).toBe('diskcache; hit; ttl=59')
})
