import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import {
  type CanActivate,
  type ExecutionContext,
  Get,
  Header,
  HttpCode,
  type INestApplication,
  Logger,
  Post,
  Sse,
  StreamableFile,
  UseGuards,
  Version,
  VersioningType,
} from '@nestjs/common'
import { of } from 'rxjs'
import { expect, vi } from 'vitest'
import { CachedResponse } from '../../src/nest/index.ts'
import { KINDS, onEach, test } from './application.ts'
import { type Answer, Client } from './client.ts'
import { controller, decorate } from './decorate.ts'
import { failingStore } from './failing-store.ts'
import { type AnyRequest, type AnyResponse, controllerOf, counter, serve } from './routes.ts'

test.for(KINDS)(
  'CachedResponse answers a second request from the store, on %s',
  async (kind, { applications }) => {
    const handler = counter()
    const client = await serve(applications, kind, { list: { handler } })
    const [missed, hit] = [await client.get('list?page=1'), await client.get('list?page=1')]
    expect(missed.headers['cache-status']).toBe('diskcache; fwd=uri-miss; stored')
    expect(hit.headers['cache-status']).toMatch(/^diskcache; (hit|fwd=uri-miss; collapsed); ttl=\d+$/)
    expect(hit.text).toBe(missed.text)
    expect(hit.headers['content-type']).toBe(missed.headers['content-type'])
    expect(hit.headers.age).toMatch(/^\d+$/)
    expect(await client.outcomes(['list?page=2'], ['list'])).toEqual(['MISS', 'MISS'])
    expect(handler.calls).toBe(3)
  },
)

test.for(KINDS)(
  'CachedResponse answers HEAD, conditions and ranges from the store, on %s',
  async (kind, { applications }) => {
    const handler = (_request: AnyRequest, response: AnyResponse) => {
      response.header('ETag', '"1"')
      return 'abcdef'
    }
    const client = await serve(applications, kind, { text: { handler } })
    await client.get('text')
    const head = await client.get('text', {}, 'HEAD')
    expect([head.cache, head.status, head.text]).toEqual(['HIT', 200, ''])
    expect(head.headers['content-length']).toBe('6')
    const known = await client.get('text', { 'if-none-match': '"1"' })
    expect([known.cache, known.status, known.text]).toEqual(['HIT', 304, ''])
    const part = await client.get('text', { range: 'bytes=1-2' })
    expect([part.cache, part.status, part.text]).toEqual(['HIT', 206, 'bc'])
    const none = await client.get('other', { 'cache-control': 'only-if-cached' })
    expect(none.status).toBe(404)
  },
)

test.for(KINDS)(
  'CachedResponse runs the handler once for requests at the same time, on %s',
  async (kind, { applications }) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const handler = vi.fn(async () => {
      await promise
      return 'a'
    })
    const client = await serve(applications, kind, { list: { handler } })
    const answers = Promise.all(Array.from({ length: 10 }, () => client.get('list')))
    await vi.waitFor(() => expect(handler).toHaveBeenCalled())
    resolve()
    for (const { text } of await answers) expect(text).toBe('a')
    expect(handler).toHaveBeenCalledTimes(1)
  },
)

test.for(
  onEach<[string, Record<string, string>]>([
    ['Authorization', { authorization: 'Bearer a' }],
    ['Cookie', { cookie: 'session=a' }],
    ['Proxy-Authorization', { 'proxy-authorization': 'Basic a' }],
    ['X-Api-Key', { 'x-api-key': 'a' }],
    ['X-Access-Token', { 'x-access-token': 'a' }],
    ['X-Auth-Request-User', { 'x-auth-request-user': 'a' }],
    ['Cf-Access-Jwt-Assertion', { 'cf-access-jwt-assertion': 'a' }],
  ]),
)(
  'CachedResponse on %s neither keeps nor gives a response for a request with %s',
  async ([kind, , headers], { applications }) => {
    const handler = counter()
    const client = await serve(applications, kind, { list: { handler } })
    expect(await client.outcomes(['list', headers], ['list'], ['list', headers], ['list'])).toEqual([
      'BYPASS',
      'MISS',
      'BYPASS',
      'HIT',
    ])
    expect(handler.calls).toBe(3)
  },
)

test.for(onEach<[string]>([['user'], ['session'], ['auth']]))(
  'CachedResponse on %s takes a request.%s that middleware has set for a user',
  async ([kind, member], { applications }) => {
    const login = (request: AnyRequest, _: unknown, next: () => void) => {
      const name = request.headers['x-test-login']
      if (name !== undefined) Object.assign(request, { [member]: { name } })
      next()
    }
    const client = await serve(applications, kind, { list: { handler: counter() } }, (application) => {
      application.use(login)
    })
    const [ada, nobody] = [{ 'x-test-login': 'ada' }, {}]
    expect(await client.outcomes(['list', ada], ['list', nobody], ['list', ada])).toEqual([
      'BYPASS',
      'MISS',
      'BYPASS',
    ])
  },
)

test.for(KINDS)(
  'CachedResponse takes a user that a guard has set for one, and lets guards run on hits, on %s',
  async (kind, { applications }) => {
    const guarded = vi.fn()
    class Guard implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        const request = context.switchToHttp().getRequest()
        guarded()
        if (request.headers.user !== undefined) request.user = request.headers.user
        return request.headers.banned === undefined
      }
    }
    const client = await serve(applications, kind, {
      list: { handler: counter(), decorators: [UseGuards(Guard)] },
    })
    expect(await client.outcomes(['list'], ['list'])).toEqual(['MISS', 'HIT'])
    expect((await client.get('list', { banned: '1' })).status).toBe(403)
    expect((await client.get('list', { user: 'a' })).headers['cache-status']).toMatch(/fwd=bypass/)
    expect(guarded).toHaveBeenCalledTimes(4)
  },
)

test.for(onEach<[string]>([['x-forwarded-host'], ['x-forwarded-prefix'], ['x-host']]))(
  'CachedResponse on %s keeps apart what was made for %s',
  async ([kind, name], { applications }) => {
    const handler = ({ headers }: AnyRequest) => `link to ${headers[name]}`
    const client = await serve(applications, kind, { link: { handler } })
    await client.get('link', { [name]: 'evil.example' })
    expect((await client.get('link')).text).toBe('link to undefined')
  },
)

test.for(KINDS)(
  'CachedResponse keeps responses apart by headers that vary names, on %s',
  async (kind, { applications }) => {
    const options = { ttl: 60_000, vary: ['Accept-Language', 'X-User-Name'] }
    const handler = ({ headers }: AnyRequest) => `${headers['accept-language']} ${headers['x-user-name']}`
    const client = await serve(applications, kind, { list: { handler, options } })
    for (const outcome of ['MISS', 'HIT'])
      for (const language of ['en', 'de'])
        for (const user of ['ada', 'grace']) {
          const headers = { 'accept-language': language, 'x-user-name': user }
          expect(await client.get('list', headers)).toMatchObject({
            cache: outcome,
            text: `${language} ${user}`,
          })
        }
  },
)

test.for(KINDS)(
  'CachedResponse keeps hosts apart, as clients name them, on %s',
  async (kind, { applications }) => {
    const client = await serve(applications, kind, { host: { handler: ({ host }) => host } })
    for (const outcome of ['MISS', 'HIT'])
      for (const host of ['a.example', 'b.example']) {
        const response = await client.get('host', { host })
        expect([response.cache, response.text]).toEqual([outcome, host])
      }
  },
)

test.for(KINDS)(
  'CachedResponse knows hosts and schemes as a trusted proxy names them, on %s',
  async (kind, { applications }) => {
    const handler = ({ host, protocol }: AnyRequest) => `${protocol} ${host}`
    const options = { ttl: 20, staleWhileRevalidate: 60_000 }
    const trustProxies = (application: INestApplication) =>
      void application.getHttpAdapter().getInstance().set?.('trust proxy', true)
    const client = await serve(applications, kind, { host: { handler, options } }, trustProxies)
    const proxied = { 'x-forwarded-host': 'a.example', 'x-forwarded-proto': 'https' }
    for (const _ of ['miss', 'hit', 'stale', 'fresh']) {
      expect((await client.get('host', proxied)).text).toBe('https a.example')
      expect((await client.get('host')).text).toBe('http app.example')
      await delay(30)
    }
  },
)

test.for(KINDS)(
  'CachedResponse keeps routes apart that share an URL and a name, and differ by version, on %s',
  async (kind, { applications }) => {
    const versions = ['1', '2'].map((version) =>
      controllerOf({ list: { handler: () => version, decorators: [Version(version)] } }),
    )
    const configure: Parameters<typeof serve>[3] = (application) => {
      application.enableVersioning({ type: VersioningType.HEADER, header: 'version' })
    }
    const client = await Client.of(await applications.start({ controllers: versions }, {}, configure, kind))
    const texts = []
    for (const version of ['1', '2', '1', '2']) texts.push((await client.get('list', { version })).text)
    expect(texts).toEqual(['1', '2', '1', '2'])
  },
)

test.for(
  onEach<[string, string, (response: AnyResponse) => unknown]>([
    ['sets a cookie', 'set-cookie', (response) => response.header('Set-Cookie', 'session=a')],
    ['is private', 'private', (response) => response.header('Cache-Control', 'private, max-age=60')],
    ['is no-store', 'no-store', (response) => response.header('Cache-Control', 'no-store')],
    ['varies by everything', 'vary', (response) => response.header('Vary', '*')],
    ['is an error', 'status', (response) => response.status(500)],
    ['is partial', 'status', (response) => response.status(206)],
  ]),
)(
  'CachedResponse on %s does not keep a response that %s',
  async ([kind, , detail, change], { applications }) => {
    const handler = vi.fn((_request: AnyRequest, response: AnyResponse) => {
      change(response)
      return { a: 1 }
    })
    const client = await serve(applications, kind, { list: { handler } })
    for (const _ of [1, 2])
      expect((await client.get('list')).headers['cache-status']).toMatch(
        new RegExp(`^diskcache; fwd=(uri-miss|bypass); detail=${detail}$`),
      )
    expect(handler).toHaveBeenCalledTimes(2)
  },
)

test.for(
  onEach<[string, (response: AnyResponse) => unknown]>([
    ['is public', (response) => response.header('Cache-Control', 'public, max-age=60')],
    ['varies', (response) => response.header('Vary', 'Accept-Language')],
    ['has headers of its own', (response) => response.header('X-Own', ['a', 'b'])],
  ]),
)(
  'CachedResponse on %s keeps a response that %s, with its headers',
  async ([kind, , change], { applications }) => {
    const handler = (_request: AnyRequest, response: AnyResponse) => {
      change(response.header('Content-Type', 'text/csv'))
      return 'a,b'
    }
    const client = await serve(applications, kind, { list: { handler } })
    const [missed, hit] = [await client.get('list'), await client.get('list')]
    expect([missed.cache, hit.cache, hit.text]).toEqual(['MISS', 'HIT', 'a,b'])
    // Made by the cache.
    const volatile = ['cache-status', 'age', 'date', 'accept-ranges', 'etag']
    const lasting = ({ headers }: Answer) =>
      Object.entries(headers).filter(([name]) => !volatile.includes(name))
    expect(Object.fromEntries(lasting(hit))).toEqual(Object.fromEntries(lasting(missed)))
  },
)

test.for(KINDS)(
  'CachedResponse keeps a stream, and what an object’s toJSON gives, on %s',
  async (kind, { applications }) => {
    class User {
      readonly password = 'secret'
    }
    Object.defineProperty(User.prototype, 'toJSON', { value: () => ({ name: 'Ada' }), enumerable: false })
    const client = await serve(applications, kind, {
      stream: { handler: () => new StreamableFile(Buffer.from('streamed'), { type: 'text/plain' }) },
      user: { handler: () => new User() },
      nothing: { handler: () => undefined },
    })
    for (const [path, text] of [
      ['stream', 'streamed'],
      ['user', '{"name":"Ada"}'],
      ['nothing', ''],
    ] as const)
      for (const outcome of ['MISS', 'HIT'])
        expect(await client.get(path)).toMatchObject({ cache: outcome, text, status: 200 })
  },
)

test.for(KINDS)(
  'CachedResponse leaves alone what middleware sets for each response, on %s',
  async (kind, { applications }) => {
    const client = await serve(applications, kind, { list: { handler: counter() } }, (application) => {
      application.enableCors({ origin: true })
    })
    const hosts = ['a', 'b', 'a', 'b'].map((host) => `https://${host}.example`)
    const answers = []
    for (const origin of hosts) answers.push(await client.get('list', { origin }))
    expect(answers.map(({ cache }) => cache)).toEqual(['MISS', 'MISS', 'HIT', 'HIT'])
    expect(answers.map(({ headers }) => headers['access-control-allow-origin'])).toEqual(hosts)
  },
)

test.for(KINDS)(
  'CachedResponse applies headers and the status of the route on hits, too, on %s',
  async (kind, { applications }) => {
    const client = await serve(applications, kind, {
      list: { handler: counter(), decorators: [Header('X-Route', 'list'), HttpCode(203)] },
      created: { handler: counter(), decorators: [HttpCode(201)] },
    })
    for (const [at, outcome] of ['MISS', 'HIT'].entries()) {
      const { cache, status, headers } = await client.get('list')
      expect([cache, status, headers['x-route']]).toEqual([outcome, 203, 'list'])
      expect(await client.get('created')).toMatchObject({ status: 201, text: `{"calls":${at + 1}}` })
    }
  },
)

test.for(KINDS)('CachedResponse leaves server-sent events alone, on %s', async (kind, { applications }) => {
  class Events {
    events() {
      return of({ data: 'a' }, { data: 'b' })
    }
  }
  decorate(Events.prototype, 'events', Sse('events'), CachedResponse({ ttl: 60_000 }))
  controller('', Events)
  const client = await Client.of(await applications.start({ controllers: [Events] }, {}, undefined, kind))
  for (const _ of [1, 2]) {
    const response = await client.get('events')
    expect(response.cache).toBeUndefined()
    expect(response.text).toContain('data: b')
  }
})

test.for(KINDS)(
  'CachedResponse decorates a controller, whose routes may have options of their own, on %s',
  async (kind, { applications }) => {
    class Routes {
      a() {
        return 'a'
      }
      b() {
        return 'b'
      }
      post() {
        return 'c'
      }
    }
    decorate(Routes.prototype, 'a', Get('a'))
    decorate(Routes.prototype, 'post', Post('a'))
    decorate(Routes.prototype, 'b', Get('b'), CachedResponse({ ttl: 60_000, trackBy: () => undefined }))
    controller('', Routes)
    CachedResponse({ ttl: 60_000 })(Routes)
    const client = await Client.of(await applications.start({ controllers: [Routes] }, {}, undefined, kind))
    expect(await client.outcomes(['a'], ['a'], ['b'], ['b'])).toEqual(['MISS', 'HIT', 'BYPASS', 'BYPASS'])
    expect(await client.get('a', {}, 'POST')).toMatchObject({ cache: 'BYPASS', status: 201, text: 'c' })
    expect(await client.outcomes(['a'], ['a'])).toEqual(['MISS', 'HIT'])
  },
)

test('CachedResponse answers with what another process has kept', async ({ applications }) => {
  const Routes = controllerOf({ list: { handler: counter() } })
  const [first, second] = [
    await Client.of(await applications.start({ controllers: [Routes] })),
    await Client.of(await applications.start({ controllers: [Routes] }, {}, undefined, 'Fastify')),
  ]
  const { text } = await first.get('list')
  await vi.waitFor(async () => expect(await second.get('list')).toMatchObject({ cache: 'HIT' }))
  expect((await second.get('list')).text).toBe(text)
})

test('CachedResponse keeps responses as long as ttl says', async ({ applications }) => {
  const client = await serve(applications, 'Express', {
    short: { handler: counter(), options: { ttl: 20 } },
    ever: { handler: counter(), options: { ttl: Infinity } },
    silent: { handler: counter(), options: {} },
  })
  await client.outcomes(['short'], ['ever'], ['silent'])
  await delay(30)
  expect(await client.outcomes(['short'], ['ever'], ['silent'])).toEqual(['MISS', 'HIT', 'BYPASS'])
})

test('CachedResponse takes options that all routes share from the module', async ({ applications }) => {
  const Routes = controllerOf({ list: { handler: counter(), options: {} } })
  const responses = { ttl: 60_000, hosts: ['app.example'] }
  const client = await Client.of(await applications.start({ controllers: [Routes] }, { responses }))
  expect(await client.outcomes(['list'], ['list'])).toEqual(['MISS', 'HIT'])
  const other = await client.get('list', { host: 'other.example' })
  expect(other.headers['cache-status']).toBe('diskcache; fwd=bypass; detail=host')
})

test('CachedResponse takes an option of the module that is undefined for one that is left out', async ({
  applications,
}) => {
  const Routes = controllerOf({ list: { handler: counter(), options: {} } })
  const login = (request: object, _: unknown, next: () => void) => {
    Object.assign(request, { user: { name: 'ada' } })
    next()
  }
  const responses = { ttl: 60_000, isPersonal: undefined, name: undefined, onError: undefined }
  const application = await applications.start(
    { controllers: [Routes] },
    { responses },
    (application) => void application.use(login),
    'Fastify',
  )
  const client = await Client.of(application)
  expect(await client.outcomes(['list'], ['list'])).toEqual(['BYPASS', 'BYPASS'])
})

test('CachedResponse answers without a store that fails, and says so in the log', async ({
  directory,
  applications,
}) => {
  using cache = new Cache(directory)
  using warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {})
  const store = failingStore(cache.promises, ['get', 'set', 'update'])
  const Routes = controllerOf({ list: { handler: counter() } })
  const client = await Client.of(
    await applications.start({ controllers: [Routes] }, { directory: undefined, store }),
  )
  for (const calls of [1, 2]) expect((await client.get('list')).text).toBe(JSON.stringify({ calls }))
  expect(warn.mock.calls.flat()).toContain('The response cache: Error: no disk')
})

test('CachedResponse refuses illegal options, and a store that does not exist', async ({ applications }) => {
  expect(() => CachedResponse({ ttl: 0 })).toThrow('Cannot use ttl')
  expect(() => CachedResponse({ ttl: 1, by: 1 } as never)).toThrow("unknown option 'by'")
  expect(() => CachedResponse({ vary: ['Authorization'] })).toThrow('Cannot use vary')
  expect(() => CachedResponse({ ttl: 1, trackBy: 'user' as never })).toThrow('Cannot use trackBy')
  expect(() => CachedResponse({ ttl: 1, serialize: 1 as never })).toThrow('Cannot use serialize')
  expect(() => CachedResponse({ staleIfError: 1 })).toThrow('Cannot use staleIfError without ttl')
  expect(() => CachedResponse({ tags: ['a'] } as never)).toThrow(
    /tags for @CachedResponse: its option is tag/,
  )
  for (const [name, value] of Object.entries({
    name: 'x',
    storeTimeout: 10,
    onError() {},
    clock() {},
    cache: {},
  }))
    expect(() => CachedResponse({ ttl: 1, [name]: value } as never)).toThrow(
      `Cannot use ${name} for a route: it holds for a whole store; give DiskCacheModule `,
    )
  for (const none of [null, 1, 'a', []])
    expect(() => CachedResponse(none as never)).toThrow('of @CachedResponse: expected an object')
  for (const tag of [null, true, {}, [undefined]])
    expect(() => CachedResponse({ ttl: 1, tag } as never)).toThrow(/Cannot use tag/)
  expect(() => CachedResponse({ ttl: 1, name: undefined, tags: undefined } as never)).not.toThrow()
  const Routes = controllerOf({ list: { handler: counter(), options: { ttl: 1, store: 'pages' } } })
  await expect(applications.start({ controllers: [Routes] })).rejects.toThrow("Cannot find the store 'pages'")
})
