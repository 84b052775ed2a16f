import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'
import { Cache } from '@diskcache/cache'
import { STORE_LISTING } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { directoryTest } from '@diskcache/testkit'
import express5 from 'express'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect } from 'vitest'
import { inspectCache } from '../../src/express/inspect-cache.ts'
import { inspectCache as inspectCachePlugin } from '../../src/fastify/inspect-cache.ts'
import type { EntriesPage, EntryDetail, Overview } from '../../src/inspector/protocol/api.ts'
import { ask, askJson, change, entryOf } from './ask.ts'

/** Express 4, which the adapters are tested with. */
const express4 = createRequire(new URL('../../../adapters/package.json', import.meta.url))(
  'express4',
) as typeof express5

const test = directoryTest.extend<{ cache: Cache }>({
  cache: async ({ directory }, use) => {
    const cache = new Cache(directory)
    cache.set('a', 1)
    await use(cache)
    expect(cache.check()).toEqual([])
    cache.close()
  },
})

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** Serves on a free port, and returns the origin with a slash. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** An application that shows two caches at `/admin/cache` and `/admin/other`, to those who know the password. */
type Application = (caches: { cache: Cache; other: Cache }, changes?: boolean) => Promise<string>

const isAdmin = ({ headers }: Pick<IncomingMessage, 'headers'>) => headers.authorization === 'Basic admin'

function expressOf(express: typeof express5, order: 'before' | 'behind', isRouter = false): Application {
  return ({ cache, other }, changes) => {
    const app = express()
    if (order === 'before') app.use(express.json())
    const auth: express5.RequestHandler = (req, res, next) =>
      isAdmin(req) ? next() : void res.status(401).send('Who are you?')
    const admin = isRouter ? express.Router() : app
    const prefix = isRouter ? '' : '/admin'
    if (isRouter) app.use('/admin', admin)
    admin.use(`${prefix}/cache`, auth, inspectCache(cache, { changes }))
    admin.use(`${prefix}/other/`, auth, inspectCache(other, { changes }))
    if (order === 'behind') app.use(express.json())
    app.get('/', (_req, res) => void res.send('the application'))
    return serve(app)
  }
}

const fastifyOf =
  (options = {}): Application =>
  async ({ cache, other }, changes) => {
    const app: FastifyInstance = Fastify(options)
    await app.register(async (admin) => {
      admin.addHook('onRequest', async (request, reply) => {
        if (!isAdmin(request)) return reply.code(401).send('Who are you?')
      })
      await admin.register(inspectCachePlugin, { prefix: '/admin/cache', store: cache, changes })
      await admin.register(inspectCachePlugin, { prefix: '/admin/other', store: other, changes })
    })
    app.get('/', async () => 'the application')
    closers.push(() => app.close())
    return `${await app.listen({ port: 0, host: '127.0.0.1' })}/`
  }

const login = { Authorization: 'Basic admin' }

const APPLICATIONS: [string, Application][] = [
  ['Express 5', expressOf(express5, 'behind')],
  ['Express 5 behind express.json()', expressOf(express5, 'before')],
  ['a Router of Express 5 behind express.json()', expressOf(express5, 'before', true)],
  ['Express 4', expressOf(express4, 'behind')],
  ['a Router of Express 4 behind express.json()', expressOf(express4, 'before', true)],
  ['Fastify', fastifyOf()],
  ['Fastify that ignores slashes', fastifyOf({ routerOptions: { ignoreTrailingSlash: true } })],
]

/** A test with an application that allows changes, and one that does not. */
function testOf(application: Application) {
  return test.extend<{ origin: string; other: Cache; readonlyOrigin: string }>({
    other: async ({ directory }, use) => {
      using other = new Cache(`${directory}/other`)
      other.set('b', 2)
      await use(other)
    },
    origin: async ({ cache, other }, use) => use(await application({ cache, other }, true)),
    readonlyOrigin: async ({ cache, other }, use) => use(await application({ cache, other })),
  })
}

describe.each(APPLICATIONS)('inspectCache() in %s', (_name, application) => {
  const started = testOf(application)

  started('shows each cache at its address, to those whom the application lets in', async ({ origin }) => {
    for (const [name, id] of [
      ['cache', 'sa'],
      ['other', 'sb'],
    ]) {
      const base = `${origin}admin/${name}/`
      expect((await ask(base, '', { headers: login })).text).toContain('<main>')
      expect((await ask(base, 'main.js', { headers: login })).headers['content-type']).toContain('javascript')
      const { entries } = await askJson<EntriesPage>(base, 'api/entries', { headers: login })
      expect(entries.map((entry) => entry.id)).toEqual([id])
      for (const path of ['', 'main.js', 'api/entries', 'api/delete'])
        expect((await ask(base, path)).text).toBe('Who are you?')
    }
    expect((await ask(origin)).text).toBe('the application')
  })

  started('leads to the address with a slash at its end', async ({ origin }) => {
    const answer = await ask(origin, 'admin/cache?a=b', { headers: login })
    expect([answer.status, answer.headers.location]).toEqual([308, './cache/?a=b'])
  })

  started('has nothing else below its address', async ({ origin }) => {
    for (const path of ['x', 'api', 'api/x', 'page/main.js', '%2e%2e/x', 'api/overview/x']) {
      const answer = await ask(`${origin}admin/cache/`, path, { headers: login })
      expect([answer.status, answer.text], path).toEqual([404, '{"error":"There is nothing here"}'])
    }
  })
})

describe.each(APPLICATIONS)('a change in %s', (_name, application) => {
  const started = testOf(application)

  started('changes nothing unless the application says so', async ({ readonlyOrigin, cache }) => {
    const base = `${readonlyOrigin}admin/cache/`
    expect(await askJson<Overview>(base, 'api/overview', { headers: login })).toMatchObject({
      isReadonly: true,
    })
    for (const action of ['delete', 'touch', 'pin', 'evict']) {
      const answer = await ask(
        base,
        `api/${action}`,
        change(base, { id: 'sa', ttl: 1, pin: true, tag: '"x"' }, login),
      )
      expect(answer.status).toBe(403)
      expect(answer.text).toContain('only reads')
    }
    expect(cache.size).toBe(1)
  })

  started('makes a change of its own page', async ({ origin, cache }) => {
    const base = `${origin}admin/cache/`
    const sent = change(base, { action: 'touch', id: 'sa', ttl: 60_000 }, login)
    expect(await askJson(base, 'api/touch', sent)).toEqual({ entries: 1 })
    expect(cache.getEntry('a')?.expireTime).not.toBeNull()
    // Behind a proxy, the host is not what the browser knows.
    const behindProxy = { ...login, Origin: 'https://admin.example', 'Sec-Fetch-Site': 'same-origin' }
    expect(await askJson(base, 'api/delete', change(base, { id: 'sa' }, behindProxy))).toEqual({ entries: 1 })
    expect(cache.size).toBe(0)
  })

  started('makes no change of another page', async ({ origin, cache }) => {
    const base = `${origin}admin/cache/`
    for (const headers of [
      { Origin: 'https://attacker.example' },
      { Origin: 'null' },
      { Origin: new URL(origin).origin, 'Sec-Fetch-Site': 'cross-site' },
      { Origin: '' },
      { 'X-Diskcache-Inspector': '' },
    ]) {
      const answer = await ask(base, 'api/delete', change(base, { id: 'sa' }, { ...login, ...headers }))
      expect([answer.status, answer.text], JSON.stringify(headers)).toEqual([
        403,
        expect.stringMatching('^{"error":"Cannot'),
      ])
    }
    const { Origin: _origin, ...headers } = change(base, '', login).headers!
    const answer = await ask(base, 'api/delete', { ...change(base, { id: 'sa' }), headers })
    expect(answer.status).toBe(403)
    expect(cache.size).toBe(1)
  })

  started('reads at most 64 KiB of a change', async ({ origin, cache }) => {
    const base = `${origin}admin/cache/`
    const body = { id: 'sa', filler: 'x'.repeat(70_000) }
    // The connection may be gone before all of it is sent.
    const answer = await ask(base, 'api/delete', change(base, body, login)).catch(() => undefined)
    expect(answer?.status ?? 413).toBe(413)
    expect(cache.size).toBe(1)
  })

  started('answers HEAD, and 405 for what it does not know', async ({ origin }) => {
    const base = `${origin}admin/cache/`
    const head = await ask(base, '', { headers: login, method: 'HEAD' })
    expect([head.status, head.text, Number(head.headers['content-length']) > 100]).toEqual([200, '', true])
    for (const method of ['PUT', 'DELETE', 'OPTIONS'])
      expect((await ask(base, 'api/overview', { headers: login, method })).status).toBe(405)
    expect((await ask(base, 'api/delete', { headers: login })).headers.allow).toBe('POST')
  })

  started('answers 503 when the store is closed, without a stack', async ({ origin, other }) => {
    other.close()
    const answer = await ask(`${origin}admin/other/`, 'api/entries', { headers: login })
    expect([answer.status, Object.keys(JSON.parse(answer.text))]).toEqual([503, ['error']])
    expect(answer.text).not.toContain('    at ')
  })
})

test('inspectCache() takes promises, and stores of shards', async ({ cache, directory }) => {
  await using fanout = new FanoutCache(`${directory}/fanout`).promises
  await fanout.set('f', 1)
  for (const [store, id] of [
    [cache.promises, 'sa'],
    [fanout, 'sf'],
  ] as const) {
    const middleware = inspectCache(store)
    const base = await serve((req, res) => middleware(req, res, () => res.end()))
    const { entries } = await askJson<EntriesPage>(base, 'api/entries')
    expect(entries.map((entry) => entry.id)).toEqual([id])
  }
})

test('inspectCache() takes a store that tells nothing of its entries', async ({ cache }) => {
  const store = cache.promises.namespace('users')
  Object.defineProperty(store, STORE_LISTING, { value: undefined })
  await store.set(1, { name: 'Ada' }, { tag: 'x' })
  await store.set('picture', Buffer.from('89504e470d0a1a0a', 'hex'))
  const middleware = inspectCache(store, { changes: true })
  const base = await serve((req, res) => middleware(req, res, () => res.end()))
  const { entries } = await askJson<EntriesPage>(base, 'api/entries')
  expect(entries.map(({ key }) => key)).toEqual(['1', 'picture'])
  expect(await askJson<EntryDetail>(base, entryOf(entries[0]!.id))).toMatchObject({ value: { form: 'json' } })
  expect((await ask(base, entryOf('spicture', 'picture'))).headers['content-type']).toBe('image/png')
  for (const path of ['api/overview', 'api/live', 'api/survey'])
    expect((await ask(base, path)).status).toBe(200)
  expect(await askJson(base, 'api/evict', change(base, { tag: '"x"' }))).toEqual({ entries: 1 })
  expect(await askJson(base, 'api/delete', change(base, { id: 'spicture' }))).toEqual({ entries: 1 })
})

test('inspectCache() tells the last part of the path only, or the name that is given', async ({
  cache,
  directory,
}) => {
  const nameIn = async (...args: Parameters<typeof inspectCache>) => {
    const middleware = inspectCache(...args)
    const base = await serve((req, res) => middleware(req, res, () => res.end()))
    return (await askJson<Overview>(base, 'api/overview')).name
  }
  expect(await nameIn(cache)).toBe(basename(directory))
  expect(await nameIn(cache, { name: 'Sessions' })).toBe('Sessions')
  // @ts-expect-error no text
  expect(() => inspectCache(cache, { name: 1 })).toThrow(TypeError)
})

test('inspectCache() refuses what is no store, and unknown options', async ({ cache }) => {
  // @ts-expect-error no store
  expect(() => inspectCache({})).toThrow(TypeError)
  // @ts-expect-error no option
  expect(() => inspectCache(cache, { readonly: true })).toThrow("unknown option 'readonly'")
  // @ts-expect-error no boolean
  expect(() => inspectCache(cache, { changes: 1 })).toThrow(TypeError)
  const app = Fastify()
  // @ts-expect-error no option
  await expect(app.register(inspectCachePlugin, { store: cache, wrong: 1 })).rejects.toThrow(TypeError)
})

test('the plugin leaves errors of the application to its handler', async ({ cache }) => {
  const app = Fastify()
  app.setErrorHandler((_error, _request, reply) => reply.code(500).send('of the application'))
  app.addHook('preHandler', async () => {
    throw new Error('a secret')
  })
  await app.register(inspectCachePlugin, { prefix: '/cache', store: cache })
  expect((await app.inject('/cache/')).body).toBe('of the application')
  await app.close()
})

test('the plugin takes the application as a whole, too', async ({ cache }) => {
  const app = Fastify()
  await app.register(inspectCachePlugin, { store: cache })
  expect((await app.inject('/')).body).toContain('<main>')
  expect((await app.inject('/api/overview')).statusCode).toBe(200)
  await app.close()
})
