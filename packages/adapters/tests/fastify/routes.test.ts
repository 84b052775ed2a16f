import { setImmediate as turn } from 'node:timers/promises'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { expect } from 'vitest'
import { type CacheHook, cacheResponses } from '../../src/fastify/index.ts'
import { FOR_ALL, statusOf, fastifyTest as test } from './fastify-test.ts'

const page = async (_request: FastifyRequest, reply: FastifyReply) => {
  reply.header('Cache-Control', FOR_ALL)
  return 'page'
}

test('inject() is answered from the store, and so is HEAD', async ({ newApp, activity }) => {
  const app = await newApp()
  app.get('/', page)
  expect(statusOf(await app.inject('/'))).toBe('diskcache; fwd=uri-miss; stored')
  await activity.settled()
  const hit = await app.inject('/')
  expect([hit.body, statusOf(hit)]).toEqual(['page', 'diskcache; hit; ttl=60'])
  const head = await app.inject({ method: 'HEAD', url: '/' })
  expect([head.body, head.headers['content-length'], statusOf(head)]).toEqual([
    '',
    '4',
    'diskcache; hit; ttl=60',
  ])
})

test('a route can be left out, and have options of its own', async ({ newApp, activity }) => {
  const app = await newApp()
  app.get('/out', { config: { cache: false } }, page)
  app.get('/own', { config: { cache: { ttl: 5_000, tags: ['own'] } } }, async () => 'page')
  expect(statusOf(await app.inject('/out'))).toBeUndefined()
  await app.inject('/own')
  await activity.settled()
  expect(statusOf(await app.inject('/own'))).toBe('diskcache; hit; ttl=5')
  const all = await Array.fromAsync(app.responseCache.list(), ({ url, tags, hits }) => ({ url, tags, hits }))
  expect(all).toEqual([{ url: 'http://localhost:80/own', tags: ['own'], hits: 1 }])
  expect(await app.responseCache.purge({ tag: 'own' })).toBe(true)
})

test('without global only the routes that say so are cached', async ({ newApp }) => {
  const app = await newApp({ global: false })
  app.get('/in', { config: { cache: true } }, page)
  app.get('/out', page)
  expect(statusOf(await app.inject('/in'))).toBe('diskcache; fwd=uri-miss; stored')
  expect(statusOf(await app.inject('/out'))).toBeUndefined()
})

test('what is no option is refused when it is given', async ({ newApp }) => {
  await expect(newApp({ hook: 'onSend' as CacheHook })).rejects.toThrow(/Cannot use hook: expected one of/)
  await expect(newApp({ global: 1 as never })).rejects.toThrow(/global/)
  await expect(newApp({ TTL: 1 } as never)).rejects.toThrow(/unknown option 'TTL'/)
  const app = await newApp()
  expect(() => app.get('/', { config: { cache: { name: 'x' } as never } }, page)).toThrow(/name for a route/)
  expect(() => app.get('/', { config: { cache: { hook: 'x' as CacheHook } } }, page)).toThrow(/hook/)
  for (const none of [null, 1, 'no', []])
    expect(() => app.get('/', { config: { cache: none as never } }, page)).toThrow(
      /config.cache: expected an object/,
    )
})

test('a scope that registers the cache has it for itself', async ({ store, onTestFinished }) => {
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(async (scope) => {
    await scope.register(cacheResponses, { store })
    scope.get('/in', page)
  })
  app.get('/out', page)
  expect(statusOf(await app.inject('/in'))).toBe('diskcache; fwd=uri-miss; stored')
  expect(statusOf(await app.inject('/out'))).toBeUndefined()
  expect(app.hasDecorator('responseCache')).toBe(false)
})

const ONLY_FOR_ALICE = async (request: FastifyRequest, reply: FastifyReply) => {
  if (request.headers['x-name'] !== 'alice') return reply.code(401).send()
  return undefined
}

for (const hook of ['onRequest', 'preValidation', 'preHandler'] as const)
  test(`a hook ${hook} of the route refuses also what is stored`, async ({ newApp, activity }) => {
    const app = await newApp()
    app.get('/', { config: { cache: { hook } }, [hook]: ONLY_FOR_ALICE }, page)
    await app.inject({ url: '/', headers: { 'x-name': 'alice' } })
    await activity.settled()
    expect(statusOf(await app.inject({ url: '/', headers: { 'x-name': 'alice' } }))).toBe(
      'diskcache; hit; ttl=60',
    )
    expect((await app.inject('/')).statusCode).toBe(401)
  })

test('a user that a hook has found keeps the response out of the store', async ({ newApp }) => {
  const app = await newApp({ before: (app) => app.decorateRequest('user', null) })
  const login = async (request: FastifyRequest) => void Object.assign(request, { user: 'alice' })
  app.get('/before', { onRequest: login }, page)
  app.get('/behind', { preHandler: login }, page)
  expect(statusOf(await app.inject('/before'))).toBe('diskcache; fwd=bypass; detail=personal')
  expect(statusOf(await app.inject('/behind'))).toBe('diskcache; fwd=uri-miss; detail=personal')
})

test('what hooks before the cache set is made anew for each request', async ({ newApp, activity }) => {
  let requests = 0
  const app = await newApp()
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('X-Request-Id', String(++requests))
    reply.raw.setHeader('X-Raw-Id', String(requests))
  })
  app.get('/', page)
  await app.inject('/')
  await activity.settled()
  const { headers } = await app.inject('/')
  expect([statusOf({ headers }), headers['x-request-id'], headers['x-raw-id']]).toEqual([
    'diskcache; hit; ttl=60',
    '2',
    '2',
  ])
})

test('a cookie that a hook before the cache sets lets the request go past it', async ({ newApp }) => {
  const app = await newApp()
  app.addHook('onRequest', async (_request, reply) => void reply.header('Set-Cookie', 'sid=1'))
  app.get('/', page)
  const answer = await app.inject('/')
  expect([statusOf(answer), answer.headers['set-cookie']]).toEqual([
    'diskcache; fwd=bypass; detail=personal',
    'sid=1',
  ])
})

test('a cookie that a hook behind the cache sets keeps the response out of the store', async ({ newApp }) => {
  const app = await newApp()
  app.addHook('onSend', async (_request, reply) => void reply.header('Set-Cookie', 'sid=1'))
  app.get('/', page)
  expect(statusOf(await app.inject('/'))).toBe('diskcache; fwd=uri-miss; detail=set-cookie')
})

test('hooks onSend work on what is stored, once, and hooks onResponse see every answer', async ({
  newApp,
  activity,
}) => {
  const seen: number[] = []
  const app = await newApp()
  app.addHook('onSend', async (_request, _reply, payload) => `<${payload}>`)
  app.addHook('onResponse', async (_request, reply) => void seen.push(reply.statusCode))
  app.get('/', page)
  await app.inject('/')
  await activity.settled()
  const hit = await app.inject('/')
  expect([hit.body, statusOf(hit)]).toEqual(['<page>', 'diskcache; hit; ttl=60'])
  while (seen.length < 2) await turn()
  expect(seen).toEqual([200, 200])
})

test('an error of the handler is answered by Fastify, and not stored', async ({ newApp }) => {
  const app = await newApp()
  app.get('/', async () => {
    throw new Error('it fails')
  })
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.json()]).toMatchObject([500, { message: 'it fails' }])
  expect(statusOf(answer)).toBe('diskcache; fwd=uri-miss; detail=status')
})

test('close() closes the cache of a directory with the application', async ({ newApp, directory }) => {
  const app = await newApp({ store: `${directory}/own` })
  app.get('/', page)
  await app.inject('/')
  await app.close()
  await expect(app.responseCache.purge({ tag: 'x' })).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
})
