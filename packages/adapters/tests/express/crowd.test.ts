import { Cache } from '@diskcache/cache'
import type { Response } from 'express'
import { expect } from 'vitest'
import { cachedTest as test } from './cached-test.ts'

const STATUS = {
  full: 'diskcache; fwd=vary-miss; detail=variants',
  stored: 'diskcache; fwd=vary-miss; stored',
}

const SHADES = Array.from({ length: 16 }, (_, at) => `shade ${at}`)

const PAGE = { 'Cache-Control': 'max-age=600', Vary: 'X-Shade' }

/** A period by which the demand is counted, in milliseconds. */
const PERIOD = 5_000

test('cacheResponses() says that a variant is stored only when it is, and stores one that is wanted twice as much', async ({
  start,
  activity,
  clock,
}) => {
  const { app, responses } = await start({
    handlers: (app) => app.get('/', (_req, res) => void res.set(PAGE).send('page')),
  })
  const ask = async (shade: string) => {
    const { cache } = await app.ask('/', { headers: { 'x-shade': shade } })
    await activity.settled()
    return cache
  }
  for (let round = 0; round < 2; round++) {
    for (const shade of SHADES) await ask(shade)
    clock.advance(PERIOD)
  }
  const answers: string[] = []
  for (let i = 0; i < 6; i++) {
    answers.push(await ask('another'))
    clock.advance(PERIOD)
  }
  expect(answers).toEqual([...Array(4).fill(STATUS.full), STATUS.stored, 'diskcache; hit; ttl=595'])
  expect(await Array.fromAsync(responses.list())).toHaveLength(16)
  expect(await ask('shade 15')).toBe(STATUS.full)
})

test('cacheResponses() stores each of many variants at once of which it says so', async ({
  start,
  activity,
}) => {
  const waiting: Response[] = []
  const begun = Promise.withResolvers<void>()
  const { app, responses } = await start({
    collapse: false,
    handlers: (app) =>
      app.get('/', (_req, res) => {
        if (waiting.push(res.set(PAGE)) === 40) begun.resolve()
      }),
  })
  const asked = Array.from({ length: 40 }, (_, at) => app.ask('/', { headers: { 'x-shade': String(at) } }))
  await begun.promise
  for (const [at, res] of waiting.entries()) {
    res.send('page')
    // Some are stored by then, some are being stored.
    if (at % 7 === 0) await activity.settled()
  }
  const answers = await Promise.all(asked)
  await activity.settled()
  const stored = answers.filter(({ cache }) => cache === 'diskcache; fwd=uri-miss; stored')
  expect([stored.length, (await Array.fromAsync(responses.list())).length]).toEqual([16, 16])
  expect(answers.filter(({ cache }) => cache.endsWith('detail=variants'))).toHaveLength(24)
})

test('cacheResponses() has a place again for what could not be stored after all', async ({
  start,
  activity,
}) => {
  const { app } = await start({
    handlers: (app) =>
      app.get('/', (req, res) => {
        res.set(PAGE).write('page')
        if (req.headers['x-shade'] === 'whole') res.end()
        else setImmediate(() => res.destroy())
      }),
  })
  for (const shade of [...SHADES, 'more'])
    await expect(app.ask('/', { headers: { 'x-shade': shade } })).rejects.toThrow()
  await activity.settled()
  const headers = { 'x-shade': 'whole' }
  expect((await app.ask('/', { headers })).cache).toBe('diskcache; fwd=uri-miss; stored')
})

test('cacheResponses() says once of a response that is too large for its store that it is stored', async ({
  start,
  directory,
  clock,
  activity,
}) => {
  await using small = new Cache(`${directory}/small`, { clock: clock.now, sizeLimit: 40_000 })
  const { app } = await start({
    on: small.promises,
    handlers: (app) =>
      app.get('/', (_req, res) => void res.set('Cache-Control', 'max-age=60').send('x'.repeat(60_000))),
  })
  const answers: string[] = []
  for (let i = 0; i < 3; i++) {
    answers.push((await app.ask('/')).cache)
    await activity.settled()
  }
  expect(answers.map((text) => text.replace('bypass', 'uri-miss'))).toEqual([
    'diskcache; fwd=uri-miss; stored',
    ...Array(2).fill('diskcache; fwd=uri-miss; detail=too-large'),
  ])
})
