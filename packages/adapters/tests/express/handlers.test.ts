import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gunzipSync } from 'node:zlib'
import type { Request, RequestHandler, Response } from 'express'
import { describe, expect } from 'vitest'
import type { Answer } from '../http/http-client.ts'
import { cachedTest as test } from './cached-test.ts'
import { failingEnd } from './failing-end.ts'

const TEXT = 'Grüße, '.repeat(20)
/** Too long for a row. */
const LONG = 'a long text, '.repeat(6_000)

type Answering = (req: Request, res: Response, file: string) => unknown

interface Style {
  readonly name: string
  readonly answer: Answering
  readonly body: string
}

const STYLES: readonly Style[] = [
  { name: 'res.send', answer: (_req, res) => res.send(TEXT), body: TEXT },
  { name: 'res.send of bytes', answer: (_req, res) => res.send(Buffer.from(TEXT)), body: TEXT },
  { name: 'res.send of much', answer: (_req, res) => res.send(LONG), body: LONG },
  { name: 'res.json', answer: (_req, res) => res.json({ text: TEXT }), body: JSON.stringify({ text: TEXT }) },
  { name: 'res.end', answer: (_req, res) => res.end(TEXT), body: TEXT },
  { name: 'res.end in another encoding', answer: (_req, res) => res.end('Z3LDvMOf', 'base64'), body: 'grüß' },
  { name: 'res.end of nothing', answer: (_req, res) => res.end(), body: '' },
  {
    name: 'res.end with a callback',
    answer: (_req, res) => new Promise<void>((resolve) => res.end(TEXT, resolve)),
    body: TEXT,
  },
  {
    name: 'res.write and res.end',
    answer: (_req, res) => {
      for (const part of ['one ', 'two ']) res.write(part)
      res.end('three')
    },
    body: 'one two three',
  },
  {
    name: 'res.writeHead with fields',
    answer: (_req, res) => {
      res.writeHead(200, 'Fine', { 'X-Style': 'object' }).end(TEXT)
    },
    body: TEXT,
  },
  {
    name: 'res.writeHead with a flat list',
    answer: (_req, res) => {
      res.writeHead(200, ['X-Style', 'list', 'X-Style', 'flat']).end(TEXT)
    },
    body: TEXT,
  },
  {
    name: 'res.flushHeaders',
    answer: async (_req, res) => {
      res.flushHeaders()
      await null
      res.end(TEXT)
    },
    body: TEXT,
  },
  { name: 'pipe', answer: (_req, res) => Readable.from([LONG, TEXT]).pipe(res), body: LONG + TEXT },
  { name: 'pipeline', answer: (_req, res) => pipeline(Readable.from([LONG, TEXT]), res), body: LONG + TEXT },
  {
    name: 'many writes that wait for drain',
    answer: async (_req, res) => {
      for (let i = 0; i < 15; i++)
        if (!res.write(LONG)) await new Promise((resolve) => res.once('drain', resolve))
      res.end()
    },
    body: LONG.repeat(15),
  },
  {
    name: 'one buffer again and again',
    answer: async (_req, res) => {
      const buffer = Buffer.alloc(1000)
      for (const letter of 'abc') {
        buffer.fill(letter)
        await new Promise((resolve) => res.write(buffer, resolve))
        buffer.fill('?')
      }
      res.end()
    },
    body: 'a'.repeat(1000) + 'b'.repeat(1000) + 'c'.repeat(1000),
  },
  {
    name: 'res.sendFile',
    answer: (_req, res, file) => res.sendFile(file, { maxAge: 60_000 }),
    body: LONG,
  },
]

for (const version of [4, 5] as const)
  for (const compression of ['none', 'before', 'behind'] as const)
    describe(`cacheResponses() keeps what is sent, Express ${version}, compression: ${compression}`, () => {
      for (const { name, answer, body } of STYLES)
        test(name, async ({ start, activity, directory }) => {
          const file = join(directory, 'file.txt')
          writeFileSync(file, LONG)
          let runs = 0
          const handler: RequestHandler = (req, res) => {
            runs++
            res.set('Cache-Control', 'public, max-age=60')
            return answer(req, res, file) as never
          }
          const { app } = await start({ version, compression, handlers: (app) => app.get('/', handler) })
          const asking = { headers: { 'accept-encoding': 'gzip' } }
          const first = await app.ask('/', asking)
          await activity.settled()
          const second = await app.ask('/', asking)
          expect(runs).toBe(1)
          for (const answer of [first, second]) expect(textOf(answer) === body).toBe(true)
          expect(second.cache).toMatch(/hit/)
          expect(withoutOwn(second)).toEqual(withoutOwn(first))
          const head = await app.ask('/', { ...asking, method: 'HEAD' })
          expect([head.status, head.body.length, runs]).toEqual([200, 0, 1])
        })
    })

for (const version of [4, 5] as const)
  for (const [name, fail] of Object.entries({
    throws: () => {
      throw new Error('it fails')
    },
    'calls next': (_req, _res, next) => next(new Error('it fails')),
    rejects: async (_req, _res, next) => {
      const failure = Promise.reject(new Error('it fails'))
      // Express 4 does not take promises.
      return version === 5 ? failure : failure.catch(next)
    },
    'throws after a part': (_req, res) => {
      res.set('Cache-Control', 'public, max-age=60').write('part')
      throw new Error('it fails')
    },
  } satisfies Record<string, RequestHandler>))
    test(`cacheResponses() keeps nothing of a handler that ${name}, Express ${version}`, async ({
      start,
      activity,
    }) => {
      let runs = 0
      const { app } = await start({
        version,
        handlers: (app) =>
          app.get('/', (req, res, next) => {
            runs++
            return runs === 1
              ? (fail as RequestHandler)(req, res, next)
              : void res.set('Cache-Control', 'max-age=60').send('fine')
          }),
      })
      const failed = await app.ask('/').then(
        ({ status, cache }) => [status, cache],
        () => 'cut short',
      )
      const isCut = name === 'throws after a part'
      expect(failed).toEqual(isCut ? 'cut short' : [500, 'diskcache; fwd=uri-miss; detail=status'])
      await activity.settled()
      expect([(await app.ask('/')).text, runs]).toEqual(['fine', 2])
    })

for (const version of [4, 5] as const)
  test(`cacheResponses() keeps no page that nobody has, Express ${version}`, async ({ start, activity }) => {
    const { app, responses } = await start({
      version,
      ttl: 60_000,
      before: [(_req, res, next) => void next(res.set('Cache-Control', 'public, max-age=60') && undefined)],
      handlers: (app) =>
        app.get('/there', (_req, res) => void res.status(410).set('Cache-Control', 'max-age=60').end()),
    })
    const answer = await app.ask('/nowhere')
    await activity.settled()
    expect([answer.status, answer.cache]).toEqual([404, 'diskcache; fwd=uri-miss; detail=fall-through'])
    expect(await Array.fromAsync(responses.list())).toEqual([])
    for (let i = 0; i < 2; i++) expect((await app.ask('/there')).status).toBe(410)
    await activity.settled()
    expect((await app.ask('/there')).cache).toContain('hit')
  })

test('cacheResponses() keeps no redirect by what middleware before it says of pages', async ({
  start,
  activity,
}) => {
  const { app } = await start({
    before: [(_req, res, next) => void next(res.set('Cache-Control', 'public, max-age=60') && undefined)],
    handlers: (app) => app.get('/', (_req, res) => res.redirect('/login?state=1')),
  })
  for (const why of ['uri-miss', 'bypass']) {
    expect((await app.ask('/')).cache).toBe(`diskcache; fwd=${why}; detail=fall-through`)
    await activity.settled()
  }
})

test('cacheResponses() sends the whole answer to a POST whose handler ends it twice', async ({ start }) => {
  const { app } = await start({
    handlers: (app) =>
      app.post('/', (_req, res) => {
        res.json({ text: TEXT })
        if (!res.writableEnded) res.end()
        res.write('more')
      }),
  })
  const answer = await app.ask('/', { method: 'POST' })
  expect([answer.status, answer.text]).toEqual([200, JSON.stringify({ text: TEXT })])
})

test('cacheResponses() survives middleware before it that fails at the end of a POST', async ({ start }) => {
  let isBroken = true
  const { app } = await start({
    before: [failingEnd(() => isBroken)],
    handlers: (app) => app.post('/', (_req, res) => void res.send('fine')),
  })
  await expect(app.ask('/', { method: 'POST' })).rejects.toThrow(/hang up/)
  isBroken = false
  expect((await app.ask('/', { method: 'POST' })).text).toBe('fine')
})

function textOf({ headers, body }: Answer): string {
  return (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString()
}

/** The fields that a stored response has in common with the first one. */
function withoutOwn({ headers }: Answer): object {
  const own = [
    'age',
    'cache-status',
    'etag',
    'accept-ranges',
    'content-length',
    'transfer-encoding',
    'connection',
  ]
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => ![...own, 'date', 'keep-alive'].includes(name)),
  )
}
