import { setTimeout as delay } from 'node:timers/promises'
import type { RequestHandler, Response } from 'express'
import { expect } from 'vitest'
import { cachedTest as test } from './cached-test.ts'

const FOR_ALL = 'public, max-age=60'

/** Runs a function when the head of a response is about to be sent, as sessions and `on-headers` do. */
function whenHeadIsSent(res: Response, change: () => void): void {
  const { writeHead } = res
  res.writeHead = ((...args: [number]) => {
    change()
    return writeHead.apply(res, args)
  }) as never
}

/** Resolves when the client of a response has gone. */
async function gone(res: Response): Promise<void> {
  while (!res.req.socket.destroyed) await delay(2)
}

const LATE: Readonly<Record<string, (res: Response) => unknown>> = {
  private: (res) => res.setHeader('Cache-Control', 'private'),
  'Set-Cookie': (res) => res.setHeader('Set-Cookie', 'sid=alice'),
  'Vary: *': (res) => res.setHeader('Vary', '*'),
}

for (const [name, change] of Object.entries(LATE))
  test(`cacheResponses() stores nothing that middleware before it makes ${name} when its client has left`, async ({
    start,
    activity,
  }) => {
    const [begun, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const { app, responses } = await start({
      before: [
        (req, res, next) => {
          if (req.headers['x-test-who'] === 'alice') whenHeadIsSent(res, () => change(res))
          next()
        },
      ],
      handlers: (app) =>
        app.get('/', async (req, res) => {
          const name = req.headers['x-test-who']
          begun.resolve()
          if (name === 'alice') await gone(res)
          res.set('Cache-Control', FOR_ALL).send(`for ${name}`)
          answered.resolve()
        }),
    })
    const leaving = new AbortController()
    const first = app.ask('/', { headers: { 'x-test-who': 'alice' }, signal: leaving.signal })
    await begun.promise
    leaving.abort()
    await expect(first).rejects.toThrow()
    await answered.promise
    await activity.settled()
    expect(await Array.fromAsync(responses.list())).toEqual([])
    expect((await app.ask('/', { headers: { 'x-test-who': 'bob' } })).text).toBe('for bob')
  })

for (const method of ['GET', 'POST'])
  test(`cacheResponses() lets middleware before it hear of the end of a ${method} whose client has left`, async ({
    start,
  }) => {
    const heard = Promise.withResolvers<string>()
    const begun = Promise.withResolvers<void>()
    // As a session is saved.
    const saving: RequestHandler = (_req, res, next) => {
      const { end } = res
      res.end = ((...args: Parameters<typeof end>) => {
        heard.resolve('saved')
        return end.apply(res, args)
      }) as never
      next()
    }
    const { app } = await start({
      before: [saving],
      handlers: (app) =>
        app.all('/', async (_req, res) => {
          begun.resolve()
          await gone(res)
          res.set('Cache-Control', FOR_ALL).send('done')
        }),
    })
    const leaving = new AbortController()
    const asked = app.ask('/', { method, signal: leaving.signal })
    await begun.promise
    leaving.abort()
    await expect(asked).rejects.toThrow()
    expect(await heard.promise).toBe('saved')
  })

test('cacheResponses() does not ask the application for those who left while they waited', async ({
  start,
}) => {
  let runs = 0
  const [begun, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { app } = await start({
    handlers: (app) =>
      app.get('/', async (_req, res) => {
        runs++
        begun.resolve()
        await finish.promise
        res.set('Cache-Control', 'private').send('own')
      }),
  })
  const first = app.ask('/')
  await begun.promise
  const arrived = Promise.withResolvers<void>()
  let count = 0
  app.server.on('request', (_req, res) => {
    if (++count === 10) arrived.resolve()
    res.once('close', () => --count === 0 && left.resolve())
  })
  const left = Promise.withResolvers<void>()
  const leaving = new AbortController()
  const others = Array.from({ length: 10 }, () =>
    app.ask('/', { signal: leaving.signal }).catch(() => 'left'),
  )
  await arrived.promise
  leaving.abort()
  expect(await Promise.all(others)).toEqual(Array(10).fill('left'))
  await left.promise
  finish.resolve()
  expect((await first).text).toBe('own')
  expect(runs).toBe(1)
})

for (const [name, collapse] of Object.entries({
  'whose client left': false,
  'that was silent for too long when its client left': { timeout: 100 },
} as const))
  test(`cacheResponses() stores nothing of a handler ${name} before its head, whatever it does then`, async ({
    start,
    activity,
  }) => {
    let runs = 0
    const [begun, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const { app, responses } = await start({
      collapse,
      handlers: (app) =>
        app.get('/', async (_req, res) => {
          const closed = new Promise((resolve) => res.on('close', resolve))
          begun.resolve()
          if (++runs === 1) await closed
          // Without a length that could tell that something is missing.
          res.set('Cache-Control', FOR_ALL).write('one ')
          res.end('two')
          answered.resolve()
        }),
    })
    const leaving = new AbortController()
    const first = app.ask('/', { signal: leaving.signal })
    await begun.promise
    leaving.abort()
    await expect(first).rejects.toThrow()
    await answered.promise
    await activity.settled()
    expect(await Array.fromAsync(responses.list())).toEqual([])
    expect((await app.ask('/')).text).toBe('one two')
  })
