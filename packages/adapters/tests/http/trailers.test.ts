import { createServer, get, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { connect, createServer as createHttp2Server, type Http2ServerResponse } from 'node:http2'
import { type AddressInfo, createConnection, type Server } from 'node:net'
import { Readable } from 'node:stream'
import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import type { Request, Response } from 'express'
import Fastify from 'fastify'
import { expect } from 'vitest'
import { type CacheResponses, cacheResponses } from '../../src/express/index.ts'
import { cacheResponses as fastifyCache } from '../../src/fastify/index.ts'
import { Activity } from './activity.ts'

const BODY = 'x'.repeat(2_000)
const HEAD = { 'Cache-Control': 'public, max-age=60', ETag: '"one"', Trailer: 'X-Sum' }

interface Answer {
  readonly status: number
  readonly cache: string
  readonly length: number
  readonly trailers: object
}

interface Running extends AsyncDisposable {
  ask(headers?: IncomingHttpHeaders): Promise<Answer>
}

type Start = (store: Cache['promises'], options: { clock: () => number }) => Promise<Running>

const STARTS: Readonly<Record<string, Start>> = {
  'node:http, in parts': (store, options) =>
    listen(cacheResponses(store, options), (_req, res) => {
      res.writeHead(200, HEAD).write(BODY)
      res.addTrailers({ 'X-Sum': '1' })
      res.end()
    }),
  'node:http, in one': (store, options) =>
    listen(cacheResponses(store, options), (_req, res) => {
      for (const [name, value] of Object.entries(HEAD)) res.setHeader(name, value)
      res.addTrailers([['X-Sum', '1']])
      res.end(BODY)
    }),
  Fastify: async (store, options) => {
    const app = Fastify({ forceCloseConnections: true })
    await app.register(fastifyCache, { store, ...options })
    app.get('/', (_request, reply) => {
      const { Trailer: _, ...headers } = HEAD
      reply.headers(headers)
      reply.trailer('X-Sum', async () => '1')
      reply.send(Readable.from([BODY]))
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    const close = async () => void (await app.close())
    return { ask: (headers) => ask(app.server, headers), [Symbol.asyncDispose]: close }
  },
  'node:http2': startHttp2((res) => res.addTrailers({ 'x-sum': '1' })),
  'node:http2, one by one': startHttp2((res) => {
    ;(res as unknown as { setTrailer(name: string, value: string): void }).setTrailer('x-sum', '1')
  }),
}

for (const [name, start] of Object.entries(STARTS))
  directoryTest(`a hit has the trailers of the first answer: ${name}`, async ({ directory, clock }) => {
    const activity = new Activity()
    await using store = new Cache(directory, { clock: clock.now, tagIndex: true })
    await using app = await start(activity.watch(store.promises), { clock: clock.now })
    const whole = { status: 200, length: BODY.length, trailers: { 'x-sum': '1' } }
    expect(await app.ask()).toEqual({ ...whole, cache: 'diskcache; fwd=uri-miss; stored' })
    await activity.settled()
    const cache = 'diskcache; hit; ttl=60'
    for (let i = 0; i < 2; i++) expect(await app.ask()).toEqual({ ...whole, cache })
    const part = await app.ask({ range: 'bytes=0-9' })
    expect(part).toEqual({ status: 206, length: 10, trailers: {}, cache })
    const none = await app.ask({ 'if-none-match': '"one"' })
    expect(none).toEqual({ status: 304, length: 0, trailers: {}, cache })
  })

function startHttp2(setTrailers: (res: Http2ServerResponse) => void): Start {
  return async (store, options) => {
    const cache = cacheResponses(store, options)
    const server = createHttp2Server((req, res) => {
      cache(req as unknown as Request, res as unknown as Response, () => {
        for (const [name, value] of Object.entries(HEAD)) res.setHeader(name, value)
        res.write(BODY)
        setTrailers(res)
        res.end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return {
      ask: (headers) => askHttp2(server, headers),
      [Symbol.asyncDispose]: async () => {
        await new Promise((resolve) => server.close(resolve))
        await cache.close()
      },
    }
  }
}

directoryTest('a hit by HTTP/1.0 has no trailers', async ({ directory, clock }) => {
  const activity = new Activity()
  await using store = new Cache(directory, { clock: clock.now, tagIndex: true })
  const cache = cacheResponses(activity.watch(store.promises), { clock: clock.now })
  await using app = await listen(cache, (_req, res) => {
    res.writeHead(200, HEAD).write(BODY)
    res.addTrailers({ 'X-Sum': 1 as never })
    res.end()
  })
  await app.ask()
  await activity.settled()
  const socket = createConnection(app.port, '127.0.0.1')
  socket.write(`GET / HTTP/1.0\r\nHost: 127.0.0.1:${app.port}\r\n\r\n`)
  const answer = Buffer.concat(await socket.toArray()).toString()
  expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*Cache-Status: diskcache; hit[\s\S]*\r\n\r\nx{2000}$/)
})

async function listen(cache: CacheResponses, answer: RequestListener): Promise<Running & { port: number }> {
  const server = createServer((req, res) => {
    cache(req, res, () => answer(req, res))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    ask: (headers) => ask(server, headers),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await cache.close()
    },
  }
}

function ask(server: Server, headers: IncomingHttpHeaders = {}): Promise<Answer> {
  const { port } = server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, headers, agent: false }, async (res) => {
      const length = Buffer.concat(await res.toArray()).length
      const cache = String(res.headers['cache-status'])
      resolve({ status: res.statusCode ?? 0, cache, length, trailers: { ...res.trailers } })
    }).on('error', reject)
  })
}

async function askHttp2(server: Server, headers: IncomingHttpHeaders = {}): Promise<Answer> {
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const stream = session.request(headers)
  let [head, trailers]: [Record<string, unknown>, object] = [{}, {}]
  stream.on('response', (fields) => {
    head = fields
  })
  stream.on('trailers', (fields) => {
    trailers = Object.fromEntries(Object.entries(fields))
  })
  const length = Buffer.concat(await stream.toArray()).length
  session.destroy()
  return { status: Number(head[':status']), cache: String(head['cache-status']), length, trailers }
}
