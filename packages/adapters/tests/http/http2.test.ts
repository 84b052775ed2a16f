import { once } from 'node:events'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setImmediate as turn } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import type { Request, Response } from 'express'
import Fastify from 'fastify'
import { expect } from 'vitest'
import { cacheResponses } from '../../src/express/index.ts'
import { cacheResponses as fastifyCache } from '../../src/fastify/index.ts'
import { Activity } from './activity.ts'

const FOR_ALL = 'public, max-age=60'

interface Serving {
  readonly port: number
  readonly isStored: () => Promise<boolean>
}

type Handler = (res: Http2ServerResponse, socket: Socket) => unknown

/** A server of HTTP/2 with a cache, behind which a handler answers. */
const test = directoryTest.extend<{ serve: (handler: Handler) => Promise<Serving> }>({
  serve: async ({ directory, clock }, use) => {
    await using stack = new AsyncDisposableStack()
    await use(async (handler) => {
      const activity = new Activity()
      const store = stack.use(new Cache(directory, { clock: clock.now, tagIndex: true }))
      const cache = stack.use(cacheResponses(activity.watch(store.promises), { clock: clock.now }))
      let socket: Socket
      const answer = (req: Http2ServerRequest, res: Http2ServerResponse) =>
        cache(req as unknown as Request, res as unknown as Response, () => handler(res, socket))
      const server = createServer(answer).on('sessionError', () => {})
      const sessions = new Set<ServerHttp2Session>()
      server.on('session', (session) => sessions.add(session))
      server.on('connection', (connection: Socket) => {
        socket = connection
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      stack.defer(async () => {
        for (const session of sessions) session.destroy()
        await new Promise((resolve) => server.close(resolve))
      })
      const isStored = async () => {
        await activity.settled()
        return (await Array.fromAsync(cache.list())).length > 0
      }
      return { port: (server.address() as AddressInfo).port, isStored }
    })
  },
})

/** Sends a request, and returns its stream, of which the head has come. */
async function begin(port: number): Promise<{ client: ClientHttp2Session; stream: ClientHttp2Stream }> {
  const client = connect(`http://127.0.0.1:${port}`).on('error', () => {})
  const stream = client.request({ ':path': '/' }).on('error', () => {})
  await once(stream, 'response')
  stream.resume()
  return { client, stream }
}

const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR } = constants

/** How a server breaks an answer off. */
const BREAKS: Readonly<Record<string, Handler>> = {
  'resets the stream': ({ stream }) => stream.close(NGHTTP2_INTERNAL_ERROR),
  'resets the stream as clients do': ({ stream }) => stream.close(NGHTTP2_CANCEL),
  'closes the stream': ({ stream }) => stream.close(),
  'destroys the stream': ({ stream }) => stream.destroy(),
  'destroys the stream with an error': ({ stream }) => stream.destroy(new Error('it fails')),
  'destroys the session': ({ stream }) => stream.session?.destroy(),
  'destroys the session with a code': ({ stream }) => stream.session?.destroy(undefined, NGHTTP2_CANCEL),
  'destroys the socket that the request has': ({ req }) => req.socket.destroy(),
  'destroys the connection': (_res, socket) => socket.destroy(),
  'destroys the connection with an error': (_res, socket) => socket.destroy(new Error('it fails')),
}

const AFTERWARDS: Readonly<Record<string, (res: Http2ServerResponse) => unknown>> = {
  'at once': () => {},
  later: async ({ stream }) => {
    while (!stream.destroyed) await turn()
    await turn()
  },
}

for (const [how, breakOff] of Object.entries(BREAKS))
  for (const [when, wait] of Object.entries(AFTERWARDS))
    test(`what a server of HTTP/2 breaks off that ${how} is not stored when it is ended ${when}`, async ({
      serve,
    }) => {
      const ended = Promise.withResolvers<void>()
      const going = Promise.withResolvers<void>()
      const { port, isStored } = await serve(async (res, socket) => {
        res.setHeader('Cache-Control', FOR_ALL)
        res.write('half')
        await going.promise
        breakOff(res, socket)
        await wait(res)
        res.end()
        ended.resolve()
      })
      const { client } = await begin(port)
      going.resolve()
      await ended.promise
      expect(await isStored()).toBe(false)
      client.destroy()
    })

/** How a client leaves that wants no more. */
const DEPARTURES: Readonly<Record<string, (client: ClientHttp2Session, stream: ClientHttp2Stream) => void>> =
  {
    'resets its stream': (_client, stream) => stream.close(NGHTTP2_CANCEL),
    'resets its stream without a reason': (_client, stream) => stream.close(),
    'ends its session': (client) => client.destroy(),
  }

for (const [how, leave] of Object.entries(DEPARTURES))
  test(`what a handler completes is stored though a client of HTTP/2 ${how}`, async ({ serve }) => {
    const ended = Promise.withResolvers<void>()
    const { port, isStored } = await serve(async (res) => {
      res.setHeader('Cache-Control', FOR_ALL)
      res.write('one half ')
      while (!res.stream.destroyed) await turn()
      await turn()
      res.end('and the other')
      ended.resolve()
    })
    const first = await begin(port)
    const client = connect(`http://127.0.0.1:${port}`)
    const other = text(client.request({ ':path': '/' }))
    leave(first.client, first.stream)
    await ended.promise
    expect(await other).toBe('one half and the other')
    expect(await isStored()).toBe(true)
    first.client.destroy()
    client.destroy()
  })

directoryTest('what breaks off in Fastify by HTTP/2 is not stored', async ({ directory, clock }) => {
  const app = Fastify({ http2: true, forceCloseConnections: true })
  await app.register(fastifyCache, { store: directory, clock: clock.now })
  app.get('/', (_request, reply) => {
    const parts = async function* () {
      yield 'half'
      await turn()
      throw new Error('it fails')
    }
    reply.header('Cache-Control', FOR_ALL).send(Readable.from(parts()))
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { client, stream } = await begin((app.server.address() as AddressInfo).port)
  if (!stream.closed) await once(stream, 'close')
  expect(await Array.fromAsync(app.responseCache.list())).toEqual([])
  client.destroy()
  await app.close()
})
