import { once } from 'node:events'
import { createReadStream, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Request, RequestHandler, Response } from 'express'
import { expect } from 'vitest'
import type { Answer } from '../http/http-client.ts'
import { cachedTest as test } from './cached-test.ts'

const FOR_ALL = 'public, max-age=60'

function times(count: number, ask: () => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: count }, ask))
}

/** Counts its runs, and takes a little. */
function slow(answer: (run: number, req: Request, res: Response) => unknown) {
  const handler = {
    runs: 0,
    handle: (async (req, res) => {
      const run = ++handler.runs
      await delay(50)
      await answer(run, req, res)
    }) as RequestHandler,
  }
  return handler
}

/** Counts requests as they come, and waits until so many are there, and wait for each other. */
function gathering() {
  let count = 0
  const counted: RequestHandler = (_req, _res, next) => {
    count++
    next()
  }
  const until = async (wanted: number) => {
    while (count < wanted) await delay(1)
    await delay(200)
  }
  return { before: [counted], until }
}

test('cacheResponses() runs the handler once for concurrent requests', async ({ start }) => {
  const handler = slow((run, _req, res) => res.set('Cache-Control', FOR_ALL).send(`run ${run}`))
  const { app } = await start({ handlers: (app) => app.get('/', handler.handle) })
  const answers = await times(50, () => app.ask('/'))
  expect(handler.runs).toBe(1)
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['200 run 1']))
  const collapsed = answers.filter(({ cache }) => cache === 'diskcache; fwd=uri-miss; collapsed; ttl=60')
  expect(collapsed.length).toBeGreaterThan(0)
})

test('cacheResponses() runs the handler once for each variant', async ({ start }) => {
  const handler = slow((_run, req, res) => {
    res.set('Cache-Control', FOR_ALL).vary('X-Shade').send(`${req.headers['x-shade']}`)
  })
  const { app } = await start({ handlers: (app) => app.get('/', handler.handle) })
  const shades = ['red', 'green', 'blue']
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, at) => app.ask('/', { headers: { 'x-shade': shades[at % 3] } })),
  )
  expect(answers.map(({ text }) => text)).toEqual(answers.map((_, at) => shades[at % 3]))
  expect(handler.runs).toBe(3)
})

test('cacheResponses() lets each run on its own what cannot be stored, all at once', async ({ start }) => {
  let atOnce = 0
  let mostAtOnce = 0
  const { app } = await start({
    handlers: (app) =>
      app.get('/', async (_req, res) => {
        mostAtOnce = Math.max(mostAtOnce, ++atOnce)
        await delay(50)
        atOnce--
        res.set('Cache-Control', 'private').send('own')
      }),
  })
  const answers = await times(20, () => app.ask('/'))
  expect(answers.every(({ status, text }) => status === 200 && text === 'own')).toBe(true)
  expect(mostAtOnce).toBe(19)
})

test('cacheResponses() gives each its own failure', async ({ start }) => {
  const handler = slow((run) => {
    throw new Error(`failure ${run}`)
  })
  const { app } = await start({ handlers: (app) => app.get('/', handler.handle) })
  const answers = await times(10, () => app.ask('/'))
  expect(answers.every(({ status }) => status === 500)).toBe(true)
  expect(handler.runs).toBe(10)
})

test('cacheResponses() gives all a stale answer when the application fails, and asks it once for one and once as nobody', async ({
  start,
  activity,
  clock,
}) => {
  const { before, until } = gathering()
  const handler = slow(async (run, _req, res) => {
    await until(run === 1 ? 1 : 11)
    if (run > 1) throw new Error('it fails')
    res.set('Cache-Control', 'max-age=60, stale-if-error=600').send('old')
  })
  const { app } = await start({ before, handlers: (app) => app.get('/', handler.handle) })
  await app.ask('/')
  await activity.settled()
  clock.advance(61_000)
  const answers = await times(10, () => app.ask('/'))
  expect(answers.every(({ status, text }) => status === 200 && text === 'old')).toBe(true)
  expect(handler.runs).toBe(3)
})

test('cacheResponses() gives nobody a stale answer because of a request of another that makes the application fail', async ({
  start,
  activity,
  clock,
}) => {
  const { before, until } = gathering()
  const handler = slow(async (run, req, res) => {
    if (req.headers['x-break']) {
      await until(12)
      throw new Error('it fails')
    }
    res.set('Cache-Control', 'max-age=60, stale-if-error=600').send(`run ${run}`)
  })
  const { app } = await start({ before, handlers: (app) => app.get('/', handler.handle) })
  await app.ask('/')
  await activity.settled()
  clock.advance(61_000)
  const failing = app.ask('/', { headers: { 'x-break': '1' } })
  while (handler.runs < 2) await delay(1)
  const answers = await times(10, () => app.ask('/'))
  expect((await failing).text).toBe('run 1')
  expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['run 3']))
  expect(handler.runs).toBe(3)
})

/** More than the system keeps for a client that does not read. */
const LONG = 16 * 2 ** 20

function* partsOf(length: number): Generator<Buffer> {
  const part = Buffer.alloc(65_536, 'long ')
  for (let at = 0; at < length; at += part.byteLength) yield part
}

for (const [state, cache, runs] of [
  ['stale', 'diskcache; fwd=stale; collapsed; ttl=60', 3],
  ['missing', 'diskcache; fwd=uri-miss; stored', 4],
] as const)
  test(`cacheResponses() lets nobody wait for a client that does not read, where the answer is ${state}`, async ({
    start,
    activity,
    clock,
  }) => {
    const handler = slow((_run, _req, res) => {
      Readable.from(partsOf(LONG)).pipe(res.set('Cache-Control', FOR_ALL))
    })
    const { app } = await start({
      collapse: { timeout: 100_000 },
      handlers: (app) => app.get('/', handler.handle),
    })
    if (state === 'stale') await app.ask('/')
    await activity.settled()
    clock.advance(61_000)
    const deaf = get(app.origin).on('error', () => {})
    await once(deaf, 'response')
    const answers = await times(3, () => app.ask('/'))
    expect(answers.map((answer) => [answer.cache, answer.text.length])).toEqual(
      Array.from({ length: 3 }, () => [cache, LONG]),
    )
    expect(handler.runs).toBe(runs)
    const ended = once(deaf, 'close')
    deaf.destroy()
    await ended
  })

test('cacheResponses() lets nobody wait for longer than the deadline', async ({ start }) => {
  let runs = 0
  const { app } = await start({
    collapse: { timeout: 100 },
    handlers: (app) =>
      app.get('/', (_req, res) => {
        // The first one never answers.
        if (++runs > 1) res.set('Cache-Control', FOR_ALL).send('fine')
      }),
  })
  const gone = new AbortController()
  const first = app.ask('/', { signal: gone.signal }).catch(() => 'gave up')
  while (runs === 0) await delay(5)
  const answers = await times(10, () => app.ask('/'))
  expect(answers.every(({ status, text }) => status === 200 && text === 'fine')).toBe(true)
  gone.abort()
  expect(await first).toBe('gave up')
})

test('cacheResponses() does not store what comes after the answer to a later request', async ({
  start,
  activity,
  clock,
}) => {
  const late = Promise.withResolvers<void>()
  let runs = 0
  const handle: RequestHandler = async (_req, res) => {
    const run = ++runs
    if (run === 1) await late.promise
    res.set('Cache-Control', FOR_ALL).send(`run ${run}`)
  }
  const collapse = { timeout: 100 }
  const { app } = await start({ collapse, handlers: (app) => app.get('/', handle) })
  const first = app.ask('/')
  while (runs === 0) await delay(1)
  clock.advance(1)
  // It waits for the first in vain, and whoever comes when the first may not be waited for any more takes over.
  expect((await app.ask('/')).text).toBe('run 2')
  await activity.settled()
  late.resolve()
  expect((await first).text).toBe('run 1')
  await activity.settled()
  expect((await app.ask('/')).text).toBe('run 2')
})

test('cacheResponses() collapses nothing when it is told so', async ({ start }) => {
  const handler = slow((_run, _req, res) => res.set('Cache-Control', FOR_ALL).send('fine'))
  const { app } = await start({ collapse: false, handlers: (app) => app.get('/', handler.handle) })
  await times(5, () => app.ask('/'))
  expect(handler.runs).toBe(5)
})

test('cacheResponses() asks the application once for many that want it validated', async ({
  start,
  activity,
  clock,
}) => {
  const handler = slow((run, _req, res) => res.set('Cache-Control', FOR_ALL).send(`run ${run}`))
  const { app } = await start({ handlers: (app) => app.get('/', handler.handle) })
  await app.ask('/')
  await activity.settled()
  clock.advance(10_000)
  const answers = await times(20, () => app.ask('/', { headers: { 'cache-control': 'no-cache' } }))
  expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['run 2']))
})

const HALF = 'half of it, '.repeat(1_000)

const LEAVERS: Readonly<Record<string, (res: Response, file: string) => unknown>> = {
  'res.send': (res) => res.send(HALF + HALF),
  'res.write': async (res) => {
    res.write(HALF)
    await delay(50)
    res.end(HALF)
  },
  pipeline: (res) =>
    pipeline(async function* () {
      for (let part = 0; part < 2; part++) {
        yield HALF
        await delay(50)
      }
    }, res).catch(() => {}),
  pipe: (res, file) => createReadStream(file, { highWaterMark: 1_000 }).pipe(res),
}

for (const [style, answer] of Object.entries(LEAVERS))
  test(`cacheResponses() stores what a client has begun and left, by ${style}`, async ({
    start,
    directory,
  }) => {
    const file = join(directory, 'file')
    writeFileSync(file, HALF + HALF)
    let runs = 0
    const left = Promise.withResolvers<void>()
    const { app } = await start({
      handlers: (app) =>
        app.get('/', async (req, res) => {
          runs++
          res.set('Cache-Control', FOR_ALL)
          if (style !== 'res.send') res.flushHeaders()
          await (runs === 1 && left.promise)
          if (runs === 1) while (!req.socket.destroyed) await delay(5)
          await answer(res, file)
        }),
    })
    const gone = new AbortController()
    const first = app.ask('/', { signal: gone.signal }).catch(() => 'left')
    while (runs === 0) await delay(5)
    const others = times(5, () => app.ask('/'))
    await delay(20)
    gone.abort()
    left.resolve()
    expect(await first).toBe('left')
    const answers = await others
    expect(answers.map(({ text }) => text === HALF + HALF)).toEqual([true, true, true, true, true])
    expect(runs).toBe(1)
  })

test('cacheResponses() lets others take over from a handler that stops when its client leaves', async ({
  start,
}) => {
  let runs = 0
  const { app } = await start({
    handlers: (app) =>
      app.get('/', (_req, res) => {
        res.set('Cache-Control', FOR_ALL)
        if (++runs === 1) res.write(HALF)
        else res.send(HALF)
      }),
  })
  const gone = new AbortController()
  const first = app.ask('/', { signal: gone.signal }).catch(() => 'left')
  while (runs === 0) await delay(5)
  const others = times(5, () => app.ask('/'))
  gone.abort()
  expect((await others).map(({ text }) => text === HALF)).toEqual([true, true, true, true, true])
  expect([await first, runs]).toEqual(['left', 2])
})
