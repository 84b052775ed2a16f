import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { AsyncStore } from '@diskcache/core'
import type { Response } from 'express'
import { expect } from 'vitest'
import { cachedTest as test } from './cached-test.ts'

const FOR_ALL = 'public, max-age=60'

/** The answer that is not to be stored, and what the client sees of it. */
const BROKEN: Readonly<Record<string, (res: Response) => unknown>> = {
  'is shorter than announced': (res) => {
    res.set({ 'Content-Length': '100', Connection: 'close' }).write('short')
    res.end()
  },
  'is longer than announced': (res) => {
    res.set('Content-Length', '2').write('long')
    res.end()
  },
  'is destroyed': (res) => {
    res.write('part')
    setImmediate(() => res.destroy())
  },
  'loses its connection': (res) => {
    res.write('part')
    setImmediate(() => res.socket?.destroy())
  },
  'loses its connection, and is ended': (res) => {
    res.write('part')
    setImmediate(() => {
      res.socket?.destroy()
      res.end()
    })
  },
  'loses its connection, and is ended later': (res) => {
    res.write('part')
    res.req.once('close', () => setImmediate(() => res.end()))
    setImmediate(() => res.socket?.destroy())
  },
  'loses its connection to an error of the application': (res) => {
    res.write('part')
    setImmediate(() => {
      res.req.once('error', () => {}).destroy(new Error('The upstream broke off'))
      res.end()
    })
  },
  'is longer than maxBodySize': (res) => {
    for (let i = 0; i < 20; i++) res.write('x'.repeat(10_000))
    res.end()
  },
  'says that it is longer than maxBodySize': (res) => res.send('x'.repeat(200_000)),
  'is an event stream': (res) => res.type('text/event-stream').end('data: 1\n\n'),
  'is coded for its transfer': (res) => {
    res.set('Transfer-Encoding', 'gzip, chunked').end('not really')
  },
  'has trailers of one user': (res) => {
    res.set('Trailer', 'Set-Cookie').write('part')
    res.addTrailers({ 'Set-Cookie': 'sid=1' })
    res.end()
  },
}

for (const [name, answer] of Object.entries(BROKEN))
  test(`cacheResponses() does not store a body that ${name}`, async ({ start, activity, store }) => {
    let runs = 0
    const { app } = await start({
      maxBodySize: 100_000,
      handlers: (app) =>
        app.get('/', (_req, res) => {
          runs++
          res.set('Cache-Control', FOR_ALL)
          return answer(res) as never
        }),
    })
    for (let i = 1; i <= 2; i++) {
      await app.ask('/').catch(() => {})
      await activity.settled()
      expect(runs).toBe(i)
    }
    expect([...store.keys()].filter((key) => /variant|body/.test(String(key)))).toEqual([])
  })

test('cacheResponses() stores a body of exactly maxBodySize', async ({ start, activity }) => {
  let runs = 0
  const { app } = await start({
    maxBodySize: 100_000,
    handlers: (app) =>
      app.get('/', (_req, res) => {
        runs++
        res.set('Cache-Control', FOR_ALL).write('x'.repeat(50_000))
        res.end('y'.repeat(50_000))
      }),
  })
  for (let i = 0; i < 3; i++) {
    expect((await app.ask('/')).body.length).toBe(100_000)
    await activity.settled()
  }
  expect(runs).toBe(1)
})

test('cacheResponses() says once that a body is stored that turns out to be too long', async ({
  start,
  activity,
}) => {
  let size = 200_000
  const { app } = await start({
    maxBodySize: 100_000,
    handlers: (app) =>
      app.get('/', (_req, res) => {
        res.set('Cache-Control', FOR_ALL)
        if (size < 100_000) res.set('Content-Length', String(size))
        res.write('x'.repeat(size))
        res.end()
      }),
  })
  const ask = async () => {
    const { cache } = await app.ask('/')
    await activity.settled()
    return cache
  }
  const tooLong = 'diskcache; fwd=uri-miss; detail=too-large'
  expect([await ask(), await ask(), await ask()].map((text) => text.replace('bypass', 'uri-miss'))).toEqual([
    'diskcache; fwd=uri-miss; stored',
    tooLong,
    tooLong,
  ])
  size = 50_000
  expect(await ask()).toContain('stored')
  expect(await ask()).toContain('hit')
})

test('cacheResponses() lets a reader finish whose response is replaced meanwhile', async ({
  start,
  activity,
  clock,
}) => {
  let runs = 0
  const { app } = await start({
    handlers: (app) =>
      app.get('/', (_req, res) => {
        res.set('Cache-Control', 'max-age=60').send(String(++runs).repeat(8_000_000))
      }),
  })
  await app.ask('/')
  await activity.settled()
  const reading = app.ask('/')
  clock.advance(61_000)
  await app.ask('/')
  await activity.settled()
  const { body } = await reading
  expect([body.length, new Set(body.toString()).size]).toEqual([8_000_000, 1])
})

test('cacheResponses() gives ranges of a long body', async ({ start, activity }) => {
  const bytes = Buffer.from(Array.from({ length: 2_000_000 }, (_, at) => at % 251))
  const { app } = await start({
    compression: 'before',
    handlers: (app) =>
      app.get('/', (_req, res) => void res.set('Cache-Control', FOR_ALL).type('text').end(bytes)),
  })
  await app.ask('/')
  await activity.settled()
  for (const [start, end] of [
    [0, 0],
    [65_535, 65_537],
    [100_000, 1_999_999],
  ] as const) {
    const range = `bytes=${start}-${end}`
    const part = await app.ask('/', { headers: { range, 'accept-encoding': 'gzip' } })
    expect([part.status, part.headers['content-encoding'], part.headers['content-range']]).toEqual([
      206,
      undefined,
      `bytes ${start}-${end}/2000000`,
    ])
    expect(part.body.equals(bytes.subarray(start, end + 1))).toBe(true)
  }
})

type Read = AsyncStore['read']

/** A store whose streams are opened by `read`, which is given the way of the store. */
function readingBy(store: AsyncStore, read: (own: Read, ...args: Parameters<Read>) => ReturnType<Read>) {
  const own = store.read.bind(store)
  return new Proxy(store, {
    get(target, name) {
      if (name === 'read') return (...args: Parameters<Read>) => read(own, ...args)
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

function sendLong(res: Response): void {
  res.set('Cache-Control', FOR_ALL).type('bin').end(Buffer.alloc(2_000_000, 7))
}

test('cacheResponses() reads the range of a long body that is asked for', async ({
  start,
  store,
  activity,
}) => {
  const ranges: unknown[] = []
  const on = readingBy(store.promises, (read, key, options) => {
    ranges.push([options?.start, options?.end])
    return read(key, options)
  })
  const { app } = await start({ on, handlers: (app) => app.get('/', (_req, res) => sendLong(res)) })
  await app.ask('/')
  await activity.settled()
  for (const range of ['bytes=-1', 'bytes=5-9', 'bytes=7-2', 'bytes=3000000-', 'bytes=1000000-'])
    await app.ask('/', { headers: { range } })
  expect(ranges).toEqual([
    [1_999_999, 2_000_000],
    [5, 10],
    [0, 2_000_000],
    [1_000_000, 2_000_000],
  ])
})

test.for([
  ['fails at its end', 0, true],
  ['is longer than it was', 1, false],
  ['is shorter than it was', -1, false],
] as const)(
  'cacheResponses() breaks off a long body that %s',
  async ([, more, fails], { start, store, activity }) => {
    const on = readingBy(store.promises, async (_read, _key, { start = 0, end = 0 } = {}) => {
      async function* chunks() {
        yield Buffer.alloc(end - start - 5)
        await delay(5)
        yield Buffer.alloc(5 + more)
        await delay(5)
        if (fails) throw new Error('its bytes have changed')
      }
      return Readable.from(chunks(), { objectMode: false })
    })
    const { app } = await start({ on, handlers: (app) => app.get('/', (_req, res) => sendLong(res)) })
    await app.ask('/')
    await activity.settled()
    await expect(app.ask('/')).rejects.toThrow()
    await expect(app.ask('/', { headers: { range: 'bytes=1000000-' } })).rejects.toThrow()
  },
)
