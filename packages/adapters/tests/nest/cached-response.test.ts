import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import {
  type CanActivate,
  type ExecutionContext,
  Get,
  Header,
  HttpCode,
  Logger,
  type NestInterceptor,
  Post,
  Req,
  Res,
  Sse,
  StreamableFile,
  UseGuards,
  UseInterceptors,
  Version,
  VersioningType,
} from '@nestjs/common'
import type { Request, Response } from 'express'
import { map, of } from 'rxjs'
import { expect, vi } from 'vitest'
import { CachedResponse, type CachedResponseOptions, EvictTag, getStoreToken } from '../../src/nest/index.ts'
import { type Applications, test } from './application.ts'
import { type Answer, Client } from './client.ts'
import { controller, decorate, decorateParameter } from './decorate.ts'
import { failingStore } from './failing-store.ts'

type Handler = (request: Request, response: Response) => unknown

interface Route {
  readonly handler: Handler
  readonly options?: CachedResponseOptions<Request>
  /** What is written above `@CachedResponse`. */
  readonly decorators?: readonly Parameters<typeof decorate>[2][]
}

/** A controller at `/`, whose handlers are given request and response. */
function controllerOf(routes: Readonly<Record<string, Route>>): new () => object {
  class Routes {}
  for (const [name, { handler, options = { ttl: 60_000 }, decorators = [] }] of Object.entries(routes)) {
    const value = { [name]: async (request: Request, response: Response) => handler(request, response) }[name]
    Object.defineProperty(Routes.prototype, name, { value, configurable: true, writable: true })
    decorate(Routes.prototype, name, ...decorators, Get(name), CachedResponse(options))
    decorateParameter(Routes.prototype, name, 0, Req())
    decorateParameter(Routes.prototype, name, 1, Res({ passthrough: true }))
  }
  controller('', Routes)
  return Routes
}

async function serve(applications: Applications, ...controllers: (new () => object)[]): Promise<Client> {
  return Client.of(await applications.start({ controllers }))
}

function counter(): Handler & { calls: number } {
  const handler = Object.assign(() => ({ calls: ++handler.calls }), { calls: 0 })
  return handler
}

test('CachedResponse answers a second request from the store', async ({ applications }) => {
  const handler = counter()
  const client = await serve(applications, controllerOf({ list: { handler } }))
  const [missed, hit] = [await client.get('list?page=1'), await client.get('list?page=1')]
  expect([missed.cache, hit.cache]).toEqual(['MISS', 'HIT'])
  expect(hit.text).toBe(missed.text)
  expect(hit.headers['content-type']).toBe(missed.headers['content-type'])
  expect(hit.headers.age).toMatch(/^\d+$/)
  expect(await client.outcomes(['list?page=2'], ['list'])).toEqual(['MISS', 'MISS'])
  expect(handler.calls).toBe(3)
})

test('CachedResponse answers with what another process has kept', async ({ directory, applications }) => {
  using cache = new Cache(directory)
  const Routes = controllerOf({ list: { handler: counter() } })
  const [first, second] = [await serve(applications, Routes), await serve(applications, Routes)]
  const { text } = await first.get('list')
  await vi.waitFor(() => expect(cache.size).toBe(1))
  expect(await second.get('list')).toMatchObject({ cache: 'HIT', text })
})

test.for<[string, Record<string, string>]>([
  ['Authorization', { authorization: 'Bearer a' }],
  ['Cookie', { cookie: 'session=a' }],
  ['Proxy-Authorization', { 'proxy-authorization': 'Basic a' }],
  ['X-Api-Key', { 'x-api-key': 'a' }],
  ['Range', { range: 'bytes=0-1' }],
])(
  'CachedResponse neither keeps nor gives a response for a request with %s',
  async ([, headers], { applications }) => {
    const handler = counter()
    const client = await serve(applications, controllerOf({ list: { handler } }))
    expect(await client.outcomes(['list', headers], ['list'], ['list', headers], ['list'])).toEqual([
      'BYPASS',
      'MISS',
      'BYPASS',
      'HIT',
    ])
    expect(handler.calls).toBe(3)
  },
)

test('CachedResponse bypasses other methods than GET', async ({ applications }) => {
  const handler = counter()
  const posting = { handler, decorators: [Post('posted')] }
  const client = await serve(applications, controllerOf({ list: { handler }, posting }))
  await client.get('list')
  expect((await client.get('list', {}, 'HEAD')).cache).toBe('BYPASS')
  const posted = await client.get('posted', {}, 'POST')
  expect([posted.cache, posted.status]).toEqual(['BYPASS', 201])
})

test('CachedResponse takes a user that a guard has set for a credential, and lets guards run on hits', async ({
  applications,
}) => {
  const guarded = vi.fn()
  class Guard implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      const request = context.switchToHttp().getRequest()
      guarded()
      if (request.headers.user !== undefined) request.user = request.headers.user
      return request.headers.banned === undefined
    }
  }
  const Routes = controllerOf({ list: { handler: counter(), decorators: [UseGuards(Guard)] } })
  const client = await serve(applications, Routes)
  expect(await client.outcomes(['list', { user: 'a' }], ['list'], ['list'])).toEqual([
    'BYPASS',
    'MISS',
    'HIT',
  ])
  expect((await client.get('list', { banned: '1' })).status).toBe(403)
  expect(guarded).toHaveBeenCalledTimes(4)
})

test('CachedResponse keeps responses apart by what trackBy gives, and none for undefined or null', async ({
  applications,
}) => {
  const trackBy = (request: Request) => request.headers.user as string | undefined
  const options = { ttl: 60_000, trackBy }
  const handler = (request: Request, response: Response) => {
    response.setHeader('Cache-Control', 'private, max-age=60')
    return { user: request.headers.user }
  }
  const client = await serve(applications, controllerOf({ me: { handler, options } }))
  for (const outcome of ['MISS', 'HIT']) {
    for (const user of ['ada', 'grace']) {
      const response = await client.get('me', { user, cookie: `session=${user}` })
      expect([response.cache, JSON.parse(response.text)]).toEqual([outcome, { user }])
      expect(response.headers['cache-control']).toBe('private, max-age=60')
    }
  }
  expect(await client.outcomes(['me'], ['me'])).toEqual(['BYPASS', 'BYPASS'])
})

test('CachedResponse is told by trackBy that a response is everybody’s', async ({ applications }) => {
  const options = { ttl: 60_000, trackBy: async () => 'everybody' }
  const client = await serve(applications, controllerOf({ list: { handler: counter(), options } }))
  const headers = { cookie: 'analytics=1' }
  expect(await client.outcomes(['list', headers], ['list', { authorization: 'a' }])).toEqual(['MISS', 'HIT'])
})

test('CachedResponse keeps responses apart by headers that vary names, credentials included', async ({
  directory,
  applications,
}) => {
  const options = { ttl: 60_000, vary: ['Accept-Language', 'Authorization'] }
  const handler = ({ headers }: Request) => [headers['accept-language'], headers.authorization]
  const client = await serve(applications, controllerOf({ list: { handler, options } }))
  const requests = ['en', 'de'].flatMap((language) =>
    ['secret-a', 'secret-b'].map((authorization) => ({ 'accept-language': language, authorization })),
  )
  for (const outcome of ['MISS', 'HIT']) {
    for (const headers of requests) {
      const response = await client.get('list', headers)
      expect([response.cache, JSON.parse(response.text)]).toEqual([outcome, Object.values(headers)])
    }
  }
  const withCookie = { ...requests[0], cookie: 'a=1' }
  expect(await client.outcomes(['list', withCookie])).toEqual(['BYPASS'])
  using cache = new Cache(directory)
  expect(JSON.stringify([...cache.keys()])).not.toContain('secret')
})

test('CachedResponse keeps hosts apart, as the client and as a trusted proxy names them', async ({
  applications,
}) => {
  const handler = (request: Request) => request.hostname
  const Routes = controllerOf({ host: { handler } })
  const application = await applications.start({ controllers: [Routes] })
  application.getHttpAdapter().getInstance().set('trust proxy', true)
  const client = await Client.of(application)
  for (const outcome of ['MISS', 'HIT']) {
    for (const host of ['a.example', 'b.example']) {
      const response = await client.get('host', { 'x-forwarded-host': host })
      expect([response.cache, response.text]).toEqual([outcome, host])
    }
  }
})

test('CachedResponse keeps routes apart that share an URL and a name, and differ by version', async ({
  applications,
}) => {
  const versions = ['1', '2'].map((version) =>
    controllerOf({ list: { handler: () => version, decorators: [Version(version)] } }),
  )
  const application = await applications.start({ controllers: versions }, {}, (application) => {
    application.enableVersioning({ type: VersioningType.HEADER, header: 'version' })
  })
  const client = await Client.of(application)
  const texts = []
  for (const version of ['1', '2', '1']) texts.push((await client.get('list', { version })).text)
  expect(texts).toEqual(['1', '2', '1'])
})

test.for<[string, (response: Response) => unknown]>([
  ['sets a cookie', (response) => response.cookie('session', 'a')],
  ['is private', (response) => response.set('Cache-Control', 'private, max-age=60')],
  ['is malformed private', (response) => response.set('Cache-Control', 'max-age=60,Private=""')],
  ['is no-store', (response) => response.set('Cache-Control', 'no-store')],
  ['is no-cache', (response) => response.set('Cache-Control', 'NO-CACHE="set-cookie"')],
  ['varies by everything', (response) => response.set('Vary', '*')],
  ['varies by a header that is not named', (response) => response.vary('Accept-Language')],
  ['varies by Origin', (response) => response.vary('Origin')],
  ['is encoded', (response) => response.set('Content-Encoding', 'identity')],
  ['is an error', (response) => response.status(500)],
  ['is partial', (response) => response.status(206)],
  ['has no body', () => undefined],
])('CachedResponse does not keep a response that %s', async ([title, change], { applications }) => {
  const handler = vi.fn((_request: Request, response: Response) => {
    change(response)
    return title === 'has no body' ? undefined : { a: 1 }
  })
  const client = await serve(applications, controllerOf({ list: { handler } }))
  expect(await client.outcomes(['list'], ['list'])).toEqual(['MISS', 'MISS'])
  expect(handler).toHaveBeenCalledTimes(2)
})

test.for<[string, (response: Response) => unknown]>([
  ['is public', (response) => response.set('Cache-Control', 'public, max-age=60')],
  ['varies by what is named', (response) => response.vary('accept-language').vary('Accept-Encoding')],
  ['has headers of its own', (response) => response.append('X-Own', ['a', 'b']).type('text/csv')],
])('CachedResponse keeps a response that %s, with its headers', async ([, change], { applications }) => {
  const handler = (_request: Request, response: Response) => {
    change(response)
    return 'a,b'
  }
  const options = { ttl: 60_000, vary: ['Accept-Language'] }
  const client = await serve(applications, controllerOf({ list: { handler, options } }))
  const [missed, hit] = [await client.get('list'), await client.get('list')]
  expect([missed.cache, hit.cache]).toEqual(['MISS', 'HIT'])
  expect(hit.text).toBe('a,b')
  const volatile = ['x-cache', 'age', 'date']
  const lasting = ({ headers }: Answer) =>
    Object.entries(headers).filter(([name]) => !volatile.includes(name))
  expect(lasting(hit)).toEqual(lasting(missed))
})

test('CachedResponse leaves alone what middleware sets for each response', async ({ applications }) => {
  const Routes = controllerOf({ list: { handler: counter() } })
  const application = await applications.start({ controllers: [Routes] }, {}, (application) => {
    application.enableCors({ origin: true })
  })
  const client = await Client.of(application)
  expect((await client.get('list', { origin: 'https://a.example' })).cache).toBe('MISS')
  const hit = await client.get('list', { origin: 'https://b.example' })
  expect([hit.cache, hit.headers['access-control-allow-origin']]).toEqual(['HIT', 'https://b.example'])
})

test('CachedResponse is not kept when a response was written by the handler, or is a stream', async ({
  applications,
}) => {
  const Routes = controllerOf({
    written: { handler: (_request, response) => void response.json({ a: 1 }) },
    stream: { handler: () => new StreamableFile(Buffer.from('a')) },
    failing: {
      handler: () => {
        throw new RangeError('no')
      },
    },
    created: { handler: () => 'a', decorators: [HttpCode(201)] },
  })
  const client = await serve(applications, Routes)
  for (const path of ['written', 'stream', 'failing', 'created'])
    expect(await client.outcomes([path], [path])).toEqual(['MISS', 'MISS'])
})

test('CachedResponse leaves server-sent events alone', async ({ applications }) => {
  class Events {
    events() {
      return of({ data: 'a' }, { data: 'b' })
    }
  }
  decorate(Events.prototype, 'events', Sse('events'), CachedResponse({ ttl: 60_000 }))
  controller('', Events)
  const client = await serve(applications, Events)
  for (const _ of [1, 2]) {
    const response = await client.get('events')
    expect(response.cache).toBeUndefined()
    expect(response.text).toContain('data: b')
  }
})

test('CachedResponse keeps no objects of classes, of which an outer interceptor may hide a part', async ({
  applications,
}) => {
  class User {
    readonly name = 'Ada'
    readonly password = 'secret'
  }
  /** As ClassSerializerInterceptor does: what is hidden depends on the class. */
  const hiding: NestInterceptor = {
    intercept: (_context, next) =>
      next.handle().pipe(map((value) => (value instanceof User ? { name: value.name } : value))),
  }
  using warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {})
  const serialize = (value: unknown) => ({ name: (value as User).name })
  const decorators = [UseInterceptors(hiding)]
  const Routes = controllerOf({
    raw: { handler: () => new User() },
    plain: { handler: () => new User(), options: { ttl: 60_000, serialize } },
    inner: { handler: () => new User(), decorators },
  })
  const application = await applications.start({ controllers: [Routes] }, {}, (application) => {
    application.useGlobalInterceptors(hiding)
  })
  const client = await Client.of(application)
  for (const path of ['raw', 'plain', 'inner']) {
    const answers = [await client.get(path), await client.get(path), await client.get(path, { cookie: 'a' })]
    for (const { text } of answers) expect(JSON.parse(text)).toEqual({ name: 'Ada' })
    const kept = path === 'raw' ? 'MISS' : 'HIT'
    expect(answers.map(({ cache }) => cache)).toEqual(['MISS', kept, 'BYPASS'])
  }
  expect(warn).toHaveBeenCalledTimes(1)
  expect(warn.mock.calls[0]?.[0]).toMatch(
    /The responses of Routes.raw\(\) are not kept: value is an instance of User/,
  )
})

test('CachedResponse keeps responses as long as ttl says, and until EvictTag removes them', async ({
  applications,
}) => {
  const tag = (request: Request) => `list ${request.query.page}`
  class Writer {
    async update(): Promise<string> {
      return 'done'
    }
  }
  decorate(Writer.prototype, 'update', Post('update'), EvictTag('list 1'))
  controller('', Writer)
  const Routes = controllerOf({
    list: { handler: counter(), options: { ttl: 60_000, tag } },
    short: { handler: counter(), options: { ttl: 20 } },
  })
  const client = await serve(applications, Routes, Writer)
  await client.outcomes(['list?page=1'], ['list?page=2'])
  await client.get('update', {}, 'POST')
  expect(await client.outcomes(['list?page=1'], ['list?page=2'])).toEqual(['MISS', 'HIT'])
  await client.get('short')
  await delay(30)
  expect(await client.outcomes(['short'])).toEqual(['MISS'])
})

test('CachedResponse keeps no response whose tag was evicted while it was made', async ({ applications }) => {
  const [begun, evicted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const handler = async () => {
    begun.resolve()
    await evicted.promise
    return 'a'
  }
  const options = { ttl: 60_000, tag: 'list' }
  const application = await applications.start({
    controllers: [controllerOf({ list: { handler, options } })],
  })
  const client = await Client.of(application)
  const first = client.get('list')
  await begun.promise
  await application.get<AsyncStore>(getStoreToken()).evict('list')
  evicted.resolve()
  expect((await first).cache).toBe('MISS')
  expect(await client.outcomes(['list'], ['list'])).toEqual(['MISS', 'HIT'])
})

test('CachedResponse keeps the first of several responses that are made at the same time', async ({
  applications,
}) => {
  const calls = [0, 1].map(() => ({
    begun: Promise.withResolvers<void>(),
    answer: Promise.withResolvers<string>(),
  }))
  const waiting = calls.values()
  const handler = () => {
    const call = waiting.next().value
    call?.begun.resolve()
    return call?.answer.promise
  }
  const options = { ttl: 60_000, tag: 'list' }
  const client = await serve(applications, controllerOf({ list: { handler, options } }))
  const requests: Promise<Answer>[] = []
  for (const { begun } of calls) {
    requests.push(client.get('list'))
    await begun.promise
  }
  for (const [index, { answer }] of calls.entries()) {
    answer.resolve(`answer ${index}`)
    await requests[index]
  }
  expect(await client.get('list')).toMatchObject({ cache: 'HIT', text: 'answer 0' })
})

test('CachedResponse decorates a controller, whose routes may have options of their own', async ({
  applications,
}) => {
  class Routes {
    a() {
      return 'a'
    }
    b() {
      return 'b'
    }
  }
  decorate(Routes.prototype, 'a', Get('a'))
  decorate(Routes.prototype, 'b', Get('b'), CachedResponse({ ttl: 60_000, trackBy: () => undefined }))
  controller('', Routes)
  CachedResponse({ ttl: 60_000 })(Routes)
  const client = await serve(applications, Routes)
  expect(await client.outcomes(['a'], ['a'], ['b'], ['b'])).toEqual(['MISS', 'HIT', 'BYPASS', 'BYPASS'])
})

test('CachedResponse applies headers of the route on hits, too', async ({ applications }) => {
  const decorators = [Header('Cache-Control', 'public, max-age=5')]
  const client = await serve(applications, controllerOf({ list: { handler: counter(), decorators } }))
  await client.get('list')
  const hit = await client.get('list')
  expect([hit.cache, hit.headers['cache-control']]).toEqual(['HIT', 'public, max-age=5'])
})

test('CachedResponse answers without a store that fails, and says so in the log', async ({
  directory,
  applications,
}) => {
  using cache = new Cache(directory)
  using warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {})
  const store = failingStore(cache.promises, ['get', 'set', 'update'])
  const options = { directory: undefined, store }
  const Routes = controllerOf({
    list: { handler: counter() },
    tagged: { handler: counter(), options: { ttl: 60_000, tag: 'tag' } },
  })
  const client = await Client.of(await applications.start({ controllers: [Routes] }, options))
  expect(await client.outcomes(['list'], ['list'], ['tagged'])).toEqual(['MISS', 'MISS', 'MISS'])
  await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(6))
  expect(warn.mock.calls.flat()).toContain('The place of a response could not be reserved: Error: no disk')
  expect(warn.mock.calls.flat()).toContain('A kept response could not be read: Error: no disk')
  expect(warn.mock.calls.flat()).toContain('A response could not be kept: Error: no disk')
})

test('CachedResponse tells when trackBy gives what cannot be a key', async ({ applications }) => {
  class Id {}
  const options = { ttl: 60_000, trackBy: () => new Id() }
  const Routes = controllerOf({ list: { handler: counter(), options } })
  const failures: unknown[] = []
  const application = await applications.start({ controllers: [Routes] }, {}, (application) => {
    application.useGlobalFilters({
      catch(error, host) {
        failures.push(error)
        host.switchToHttp().getResponse<Response>().sendStatus(500)
      },
    })
  })
  const client = await Client.of(application)
  expect((await client.get('list')).status).toBe(500)
  expect(failures).toMatchObject([{ message: expect.stringMatching(/^Cannot use what trackBy gave: .*Id/) }])
})

test('CachedResponse refuses illegal options, and a store that does not exist', async ({ applications }) => {
  expect(() => CachedResponse({} as never)).toThrow('Cannot use ttl')
  expect(() => CachedResponse({ ttl: 1, by: 1 } as never)).toThrow("unknown option 'by'")
  expect(() => CachedResponse({ ttl: 1, vary: 'cookie' as never })).toThrow('Cannot use vary')
  expect(() => CachedResponse({ ttl: 1, trackBy: 'user' as never })).toThrow('Cannot use trackBy')
  expect(() => CachedResponse({ ttl: 1, serialize: 1 as never })).toThrow('Cannot use serialize')
  const Routes = controllerOf({ list: { handler: counter(), options: { ttl: 1, store: 'pages' } } })
  await expect(applications.start({ controllers: [Routes] })).rejects.toThrow("Cannot find the store 'pages'")
})
