import { setTimeout as delay } from 'node:timers/promises'
import type { Response } from 'express'
import { expect } from 'vitest'
import type { Ask } from '../http/http-client.ts'
import type { Application } from './application.ts'
import { type Start, cachedTest as test } from './cached-test.ts'

/** Waits for something that happens sooner or later, as the limit of the test says. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(2)
}

/** An application whose handler never answers before it is told to. */
async function polled(start: Start, headers: Record<string, string>) {
  const waiting: Response[] = []
  const { app } = await start({
    handlers: (app) =>
      app.get('/poll{/:id}', (_req, res) => {
        res.set(headers)
        waiting.push(res)
      }),
  })
  /** Lets so many clients wait, and resolves when all of them have reached the handler, and got what it sent. */
  const poll = async (count: number, path: string, options?: Ask) => {
    const answers = Array.from({ length: count }, () => app.ask(path, options))
    await until(() => waiting.length === count)
    for (const res of waiting.splice(0)) res.end('event')
    return Promise.all(answers)
  }
  return { poll }
}

test('cacheResponses() lets all long polls of a route wait at its handler, once it knows it', async ({
  start,
  clock,
}) => {
  const { poll } = await polled(start, { 'Cache-Control': 'no-store' })
  expect((await poll(1, '/poll'))[0]?.cache).toBe('diskcache; fwd=uri-miss; detail=no-store')
  clock.advance(300_000)
  const answers = await poll(5, '/poll?since=7')
  expect(new Set(answers.map(({ cache }) => cache))).toEqual(
    new Set(['diskcache; fwd=bypass; detail=no-store']),
  )
})

test('cacheResponses() lets event streams pass from the first', async ({ start }) => {
  const { poll } = await polled(start, { 'Content-Type': 'text/event-stream' })
  const accept = 'text/html;q=0.1, Text/Event-Stream'
  const answers = await poll(5, '/poll', { headers: { accept } })
  expect(answers[0]?.cache).toBe('diskcache; fwd=bypass; detail=event-stream')
})

test('cacheResponses() writes nothing for a route that it knows not to be storable', async ({
  start,
  store,
  activity,
}) => {
  const { app } = await start({
    handlers: (app) =>
      app.get('/item/:id', (_req, res) => void res.set('Cache-Control', 'private').send('own')),
  })
  await app.ask('/item/1')
  await activity.settled()
  const before = store.size
  for (let id = 2; id < 20; id++) await app.ask(`/item/${id}`)
  await activity.settled()
  expect(store.size).toBe(before)
})

test('cacheResponses() stores what has become storable of a route that was not', async ({
  start,
  activity,
}) => {
  let cacheControl = 'no-store'
  const { app } = await start({
    handlers: (app) => app.get('/', (_req, res) => void res.set('Cache-Control', cacheControl).send('fine')),
  })
  await app.ask('/')
  cacheControl = 'public, max-age=60'
  expect((await app.ask('/')).cache).toMatch(/^diskcache; fwd=bypass; stored/)
  await activity.settled()
  expect((await app.ask('/')).cache).toBe('diskcache; hit; ttl=60')
})

test('cacheResponses() goes on serving a route one of whose answers is refused', async ({
  start,
  activity,
}) => {
  const { app } = await start({
    handlers: (app) =>
      app.get('/', (req, res) => {
        const isOwn = req.query.own !== undefined
        res.set('Cache-Control', isOwn ? 'no-store' : 'public, max-age=60').send('fine')
      }),
  })
  await app.ask('/')
  await activity.settled()
  await app.ask('/?own')
  expect((await app.ask('/')).cache).toBe('diskcache; hit; ttl=60')
})

test('cacheResponses() learns nothing about a route from what a client has done wrong', async ({
  start,
  activity,
}) => {
  const { app } = await start({
    handlers: (app) =>
      app.get('/', (req, res) => {
        if (req.headers['x-wrong']) res.status(400).set('Cache-Control', 'no-store').send('wrong')
        else res.set('Cache-Control', 'public, max-age=60').send('fine')
      }),
  })
  await app.ask('/', { headers: { 'x-wrong': '1' } })
  await activity.settled()
  expect((await app.ask('/?other')).cache).toMatch(/^diskcache; fwd=uri-miss; stored/)
})

test('cacheResponses() answers only-if-cached of a route that is not storable', async ({ start }) => {
  const { app } = await start({
    handlers: (app) => app.get('/', (_req, res) => void res.set('Cache-Control', 'no-store').send('own')),
  })
  await app.ask('/')
  const answer = await app.ask('/', { headers: { 'cache-control': 'only-if-cached' } })
  expect(answer.status).toBe(504)
})

/** Asks with many clients, who leave when all have reached the handler, and returns how many handlers were told. */
async function leave(app: Application, paths: readonly string[], state: { begun: number; told: number }) {
  const leaving = new AbortController()
  const answers = paths.map((path) => app.ask(path, { signal: leaving.signal }).catch(() => 'left'))
  await until(() => state.begun === paths.length)
  leaving.abort()
  await Promise.all(answers)
  await until(() => state.told === paths.length)
}

for (const [name, first] of Object.entries({ known: '/search?q=first', unknown: undefined }))
  test(`cacheResponses() tells the handlers of an ${name} route that their clients have left`, async ({
    start,
  }) => {
    const state = { begun: 0, told: 0 }
    const { app } = await start({
      handlers: (app) =>
        app.get('/search', (req, res) => {
          if (req.query.q === 'first') return void res.set('Cache-Control', 'no-store').send('none')
          state.begun++
          res.once('close', () => state.told++)
        }),
    })
    if (first !== undefined) await app.ask(first)
    const paths = Array.from({ length: 100 }, (_, at) => `/search?q=${at}`)
    await leave(app, paths, state)
    expect(state).toEqual({ begun: 100, told: 100 })
  })

test('cacheResponses() tells a handler when the last has left who waited for its answer', async ({
  start,
}) => {
  const state = { begun: 0, told: 0 }
  const { app } = await start({
    handlers: (app) =>
      app.get('/', (_req, res) => {
        state.begun++
        res.once('close', () => state.told++)
      }),
  })
  let arrived = 0
  app.server.on('request', () => arrived++)
  const [first, others] = [new AbortController(), new AbortController()]
  const asked = [app.ask('/', { signal: first.signal }).catch(() => 'left')]
  await until(() => state.begun === 1)
  for (let i = 0; i < 3; i++) asked.push(app.ask('/', { signal: others.signal }).catch(() => 'left'))
  await until(() => arrived === 4)
  // They look at the store before they wait.
  await delay(100)
  first.abort()
  await asked[0]
  await delay(50)
  expect(state.told).toBe(0)
  others.abort()
  await until(() => state.told === 1)
  expect(await Promise.all(asked)).toEqual(Array(4).fill('left'))
  expect(state.begun).toBe(1)
})

test('cacheResponses() lets the next client try after the failure of one', async ({
  start,
  activity,
  clock,
}) => {
  let price = 1
  const { app } = await start({
    handlers: (app) =>
      app.get('/', (req, res) => {
        if (req.headers['x-wrong']) throw new Error('wrong')
        res.set('Cache-Control', 'max-age=60, stale-if-error=600').send(`price ${price}`)
      }),
  })
  await app.ask('/')
  await activity.settled()
  clock.advance(61_000)
  price = 2
  await app.ask('/', { headers: { 'x-wrong': '1' } })
  await activity.settled()
  await delay(2)
  expect((await app.ask('/')).text).toBe('price 2')
})
