import { once } from 'node:events'
import { connect } from 'node:net'
import type { Express } from 'express'
import { expect } from 'vitest'
import type { Application } from './application.ts'
import { cachedTest as test } from './cached-test.ts'

const FOR_ALL = 'public, max-age=60'

/** Sends bytes as they are, and gives all that comes back until the connection ends. */
async function talk(app: Application, ...parts: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect(Number(new URL(app.origin).port), '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  for (const part of parts) socket.write(part)
  await once(socket, 'end')
  socket.destroy()
  return Buffer.concat(chunks).toString('latin1')
}

/** Answers with the number of the run, and the URL. */
function counted(app: Express): void {
  let runs = 0
  app.use((req, res) => void res.set('Cache-Control', FOR_ALL).send(`${++runs} ${req.originalUrl}`))
}

const CLOSE = 'Host: one.example\r\nConnection: close\r\n\r\n'

test('cacheResponses() answers clients of HTTP/1.0', async ({ start, activity }) => {
  const { app } = await start({ handlers: counted })
  const asked = 'GET /old HTTP/1.0\r\nHost: one.example\r\n\r\n'
  const first = await talk(app, asked)
  await activity.settled()
  const second = await talk(app, asked)
  for (const answer of [first, second]) expect(answer).toMatch(/\r\n\r\n1 \/old$/)
  expect(second).toMatch(/hit; ttl/)
  expect(await talk(app, 'GET /old HTTP/1.0\r\n\r\n')).toMatch(/detail=host[\s\S]*2 \/old$/)
})

test('cacheResponses() keeps the reason phrase', async ({ start, activity }) => {
  const { app } = await start({
    handlers: (app) =>
      app.use((_req, res) => void res.writeHead(200, 'Fine', { 'Cache-Control': FOR_ALL }).end('page')),
  })
  const first = await talk(app, `GET / HTTP/1.1\r\n${CLOSE}`)
  await activity.settled()
  const second = await talk(app, `GET / HTTP/1.1\r\n${CLOSE}`)
  for (const answer of [first, second]) expect(answer).toMatch(/^HTTP\/1.1 200 Fine\r\n/)
  expect(second).toMatch(/hit; ttl/)
  const part = await talk(app, `GET / HTTP/1.1\r\nRange: bytes=0-0\r\n${CLOSE}`)
  expect(part).toMatch(/^HTTP\/1.1 206 Partial Content\r\n/)
})

test('cacheResponses() answers pipelined requests in order', async ({ start, activity }) => {
  const { app } = await start({ handlers: counted })
  await app.ask('/a', { headers: { host: 'one.example' } })
  await activity.settled()
  const head = 'Host: one.example\r\n\r\n'
  const answers = await talk(
    app,
    ['b', 'a', 'c', 'a'].map((path) => `GET /${path} HTTP/1.1\r\n${head}`).join(''),
    `HEAD /a HTTP/1.1\r\n${head}`,
    `GET /a HTTP/1.1\r\n${CLOSE}`,
  )
  const bodies = [...answers.matchAll(/\r\n\r\n(\d \/\w)/g)].map(([, body]) => body?.slice(2))
  expect(bodies).toEqual(['/b', '/a', '/c', '/a', '/a'])
})

test('cacheResponses() leaves Expect and Connection to Node', async ({ start, activity }) => {
  const { app } = await start({ handlers: counted })
  for (let i = 0; i < 2; i++) {
    const answer = await talk(app, `GET /x HTTP/1.1\r\nExpect: 100-continue\r\n${CLOSE}`)
    expect(answer).toMatch(
      /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK\r\n[\s\S]*Connection: close[\s\S]*1 \/x$/,
    )
    await activity.settled()
  }
})

test('cacheResponses() keeps URLs of any bytes and of any length apart', async ({ start, activity }) => {
  const { app } = await start({ handlers: counted })
  const long = `/${'l'.repeat(10_000)}`
  const paths = ['/%FF', '/%', '/%ff', '/x?%00', '/x?', `${long}1`, `${long}2`, '//one.example/x', '/x']
  const send = (path: string) =>
    talk(app, Buffer.from(`GET ${path} HTTP/1.1\r\nHost: one.example\r\nConnection: close\r\n\r\n`, 'latin1'))
  const first: string[] = []
  for (const path of paths) first.push(bodyOf(await send(path)))
  await activity.settled()
  for (const [at, path] of paths.entries()) expect(bodyOf(await send(path))).toBe(first[at])
  expect(new Set(first).size).toBe(paths.length)
  expect(await send('/\xff')).toMatch(/^HTTP\/1.1 400/)
})

test('cacheResponses() goes past requests whose URL or host is not certain', async ({ start, activity }) => {
  const { app, responses } = await start({ handlers: counted })
  const requests = [
    `GET http://two.example/x HTTP/1.1\r\n${CLOSE}`,
    `GET /x HTTP/1.1\r\nHost: two.example\r\n${CLOSE}`,
    `GET /x HTTP/1.1\r\nHost: one.example, two.example\r\nConnection: close\r\n\r\n`,
    `GET /x HTTP/1.1\r\nHost: user@one.example\r\nConnection: close\r\n\r\n`,
    `GET /x HTTP/1.1\r\nHost: one.example:80:80\r\nConnection: close\r\n\r\n`,
  ]
  for (const asked of requests) {
    const answer = await talk(app, asked)
    if (answer.startsWith('HTTP/1.1 200')) expect(answer).toContain('detail=host')
  }
  await activity.settled()
  expect(await Array.fromAsync(responses.list())).toEqual([])
})

test('cacheResponses() lets early hints through', async ({ start, activity }) => {
  const { app } = await start({
    handlers: (app) =>
      app.get('/', (_req, res) => {
        res.writeProcessing()
        res.writeEarlyHints({ link: '</style.css>; rel=preload' })
        res.set('Cache-Control', FOR_ALL).send('page')
      }),
  })
  expect(await talk(app, `GET / HTTP/1.1\r\n${CLOSE}`)).toMatch(
    /^HTTP\/1.1 102 Processing\r\n\r\nHTTP\/1.1 103 Early Hints\r\nLink: [\s\S]*HTTP\/1.1 200 OK[\s\S]*page$/,
  )
  await activity.settled()
  expect(await talk(app, `GET / HTTP/1.1\r\n${CLOSE}`)).toMatch(/^HTTP\/1.1 200 OK[\s\S]*hit[\s\S]*page$/)
})

test('cacheResponses() asks again when a client does not read what others wait for', async ({
  start,
  store,
}) => {
  const begun = Promise.withResolvers<void>()
  const { app } = await start({
    collapse: { timeout: 200 },
    handlers: (app) =>
      app.get('/', async (_req, res) => {
        begun.resolve()
        res.set('Cache-Control', FOR_ALL)
        for (let i = 0; i < 40; i++) if (!res.write(Buffer.alloc(1_000_000))) await once(res, 'drain')
        res.end()
      }),
  })
  const lazy = connect(Number(new URL(app.origin).port), '127.0.0.1')
  lazy.pause()
  lazy.write('GET / HTTP/1.1\r\nHost: one.example\r\n\r\n')
  await begun.promise
  const headers = { host: 'one.example' }
  await expect
    .poll(
      async () => {
        return (await app.ask('/', { headers })).cache
      },
      { timeout: 20_000 },
    )
    .toContain('hit')
  // In no process does anybody wait for it any more.
  const leases = () => [...store.keys()].filter((key) => (key as readonly string[])[3] === 'lease')
  await expect.poll(leases, { timeout: 20_000 }).toEqual([])
  lazy.destroy()
})

function bodyOf(answer: string): string {
  return answer.slice(answer.indexOf('\r\n\r\n') + 4)
}
