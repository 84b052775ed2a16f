import { once } from 'node:events'
import { connect } from 'node:http2'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setImmediate as turn } from 'node:timers/promises'
import Fastify, { type RouteHandler } from 'fastify'
import { expect } from 'vitest'
import { cacheResponses } from '../../src/fastify/index.ts'
import { ask } from '../http/http-client.ts'
import { FOR_ALL, statusOf, fastifyTest as test } from './fastify-test.ts'

const BODY = 'page'.repeat(50_000)

/** The ways in which a handler of Fastify answers. */
const HANDLERS: Record<string, RouteHandler> = {
  'returns a text': async (_request, reply) => {
    reply.header('Cache-Control', FOR_ALL)
    return BODY
  },
  'sends bytes': (_request, reply) => void reply.header('Cache-Control', FOR_ALL).send(Buffer.from(BODY)),
  'sends a stream': (_request, reply) =>
    void reply.header('Cache-Control', FOR_ALL).send(Readable.from([BODY.slice(0, 10), BODY.slice(10)])),
  'sends a web stream': (_request, reply) =>
    void reply
      .header('Cache-Control', FOR_ALL)
      .send(Readable.toWeb(Readable.from([Buffer.from(BODY)], { objectMode: false }))),
  'returns a Response': async () => new Response(BODY, { headers: { 'Cache-Control': FOR_ALL } }),
  'writes past the reply': (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'Cache-Control': FOR_ALL })
    reply.raw.write(BODY.slice(0, 10))
    reply.raw.end(BODY.slice(10))
  },
}

for (const [name, handler] of Object.entries(HANDLERS))
  test(`the answer of a handler that ${name} is stored`, async ({ newApp, activity }) => {
    const app = await newApp()
    app.get('/', handler)
    const origin = await app.listen({ port: 0, host: '127.0.0.1' })
    const first = await ask(origin)
    expect([first.text === BODY, first.cache]).toEqual([true, 'diskcache; fwd=uri-miss; stored'])
    await activity.settled()
    const hit = await ask(origin)
    expect([hit.text === BODY, hit.cache]).toEqual([true, 'diskcache; hit; ttl=60'])
  })

test('trustProxy of Fastify decides on scheme and host', async ({ newApp, activity }) => {
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'Shop.example' }
  for (const [trustProxy, url] of [
    [true, 'https://shop.example/'],
    ['127.0.0.1', 'https://shop.example/'],
    ['10.0.0.1', 'http://localhost:80/'],
    [false, 'http://localhost:80/'],
  ] as const) {
    const app = await newApp({ fastify: { trustProxy }, name: String(trustProxy) })
    app.get('/', (_request, reply) => void reply.header('Cache-Control', FOR_ALL).send('page'))
    await app.inject({ url: '/', headers })
    await activity.settled()
    expect([trustProxy, await app.responseCache.purge({ url })]).toEqual([trustProxy, true])
  }
})

for (const method of ['GET', 'HEAD'] as const)
  test(`a stale page that ${method} finds is made anew by nobody, through all hooks`, async ({
    newApp,
    activity,
    clock,
  }) => {
    const seen: (readonly unknown[])[] = []
    const app = await newApp({ fastify: { trustProxy: true } })
    app.addHook('onRequest', async ({ ip, protocol, method, headers }) => {
      seen.push([ip, protocol, method, headers['x-real-ip']])
    })
    app.get('/', { config: { cache: { tags: ['page'] } } }, (_request, reply) => {
      reply.header('Cache-Control', FOR_ALL).send(`request ${seen.length}`)
    })
    const headers = {
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-proto': 'https',
      'x-real-ip': '203.0.113.7',
    }
    await app.inject({ url: '/', headers })
    await activity.settled()
    clock.advance(61_000)
    expect(statusOf(await app.inject({ url: '/', method, headers }))).toBe('diskcache; hit; ttl=-1')
    while (seen.length < 3) await turn()
    await activity.settled()
    expect(seen[2]).toEqual(['192.0.2.1', 'https', 'GET', undefined])
    expect((await app.inject({ url: '/', headers })).body).toBe('request 3')
  })

test('a stale page is made anew on a real server', async ({ newApp, activity, clock }) => {
  let runs = 0
  const app = await newApp()
  app.get('/', (_request, reply) => void reply.header('Cache-Control', FOR_ALL).send(`run ${++runs}`))
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  await ask(origin)
  await activity.settled()
  clock.advance(61_000)
  expect((await ask(origin)).text).toBe('run 1')
  while (runs < 2) await turn()
  await activity.settled()
  expect((await ask(origin)).text).toBe('run 2')
})

test('a rewritten URL tells responses apart', async ({ newApp, activity }) => {
  const app = await newApp({
    fastify: { rewriteUrl: ({ headers }) => (headers['x-beta'] === undefined ? '/stable' : '/beta') },
  })
  for (const name of ['stable', 'beta'])
    app.get(`/${name}`, (_request, reply) => void reply.header('Cache-Control', FOR_ALL).send(name))
  expect((await app.inject('/')).body).toBe('stable')
  await activity.settled()
  expect((await app.inject({ url: '/', headers: { 'x-beta': '1' } })).body).toBe('beta')
  await activity.settled()
  const hit = await app.inject('/')
  expect([hit.body, statusOf(hit)]).toEqual(['stable', 'diskcache; hit; ttl=60'])
})

test('a request by HTTP/2 is answered from the store', async ({ store, clock, activity, onTestFinished }) => {
  const app = Fastify({ http2: true })
  await app.register(cacheResponses, { store, clock: clock.now })
  app.get('/', (_request, reply) => void reply.header('Cache-Control', FOR_ALL).send('page'))
  const client = connect(await app.listen({ port: 0, host: '127.0.0.1' }))
  onTestFinished(async () => {
    client.close()
    await app.close()
  })
  const ask = async () => {
    const request = client.request({ ':path': '/' })
    const [headers] = await once(request, 'response')
    return [headers['cache-status'], await text(request)]
  }
  expect(await ask()).toEqual(['diskcache; fwd=uri-miss; stored', 'page'])
  await activity.settled()
  expect(await ask()).toEqual(['diskcache; hit; ttl=60', 'page'])
})

test('many requests at once run the handler once', async ({ newApp }) => {
  let runs = 0
  const app = await newApp()
  app.get('/', async (_request, reply) => {
    runs++
    await turn()
    return reply.header('Cache-Control', FOR_ALL).send('page')
  })
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.inject('/')))
  expect(answers.map(({ body }) => body)).toEqual(Array(20).fill('page'))
  expect(runs).toBe(1)
})
