import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, expectTypeOf } from 'vitest'
import { cacheResponses } from '../../src/web/index.ts'
import { page, requestOf, statusOf, webTest as test, URL_OF_PAGE } from './web-test.ts'

test('wrap() answers a second request from the store', async ({ newCache, activity }) => {
  let runs = 0
  const handle = newCache().wrap(() => page(`run ${++runs}`))
  const first = await handle(requestOf())
  expect([await first.text(), statusOf(first)]).toEqual(['run 1', 'diskcache; fwd=uri-miss; stored'])
  await activity.settled()
  const second = await handle(requestOf())
  expect([await second.text(), statusOf(second)]).toEqual(['run 1', 'diskcache; hit; ttl=60'])
})

test('wrap() hands on what the handler is given beside the request', async ({ newCache }) => {
  const seen: unknown[] = []
  const handle = newCache().wrap((_request: Request, ...rest: [{ a: number }, string]) => {
    seen.push(...rest)
    return new Response()
  })
  await handle(requestOf(), { a: 1 }, 'b')
  expect(seen).toEqual([{ a: 1 }, 'b'])
})

test('wrap() takes the types of what a handler is given from the handler alone', async ({ newCache }) => {
  const answer = (_request: Request, env: { readonly shop: string; readonly address?: string }) =>
    page(env.shop)
  const handle = newCache().wrap(answer, { refreshArguments: ({ shop }) => [{ shop }] })
  expectTypeOf(handle).parameters.toEqualTypeOf<Parameters<typeof answer>>()
  const withoutEnv = (_request: Request, env?: unknown) => page(String(env))
  newCache().wrap(withoutEnv, { refreshArguments: (env) => [env] })
  // @ts-expect-error a number is no shop
  newCache().wrap(answer, { refreshArguments: () => [{ shop: 1 }] })
})

test('wrap() throws what the handler throws, and goes on', async ({ newCache }) => {
  const problem = new Error('it fails')
  let runs = 0
  const handle = newCache().wrap(() => {
    if (++runs === 1) throw problem
    return page('well')
  })
  await expect(handle(requestOf())).rejects.toBe(problem)
  expect(await (await handle(requestOf())).text()).toBe('well')
})

test('wrap() rejects with what a handler rejects with that is not cached', async ({ newCache }) => {
  const problem = new Error('it fails')
  const handle = newCache().wrap(() => Promise.reject(problem))
  await expect(handle(requestOf({ authorization: 'Basic YTpi' }))).rejects.toBe(problem)
  await expect(handle(requestOf({}, { method: 'POST' }))).rejects.toBe(problem)
})

test('wrap() answers with a stale response where the handler throws', async ({ newCache, clock }) => {
  let runs = 0
  const handle = newCache().wrap(() => {
    if (++runs > 1) throw new Error('it fails')
    return page('old', { 'Cache-Control': 'public, max-age=60, stale-if-error=60' })
  })
  await (await handle(requestOf())).text()
  clock.advance(61_000)
  const stale = await handle(requestOf())
  expect([await stale.text(), statusOf(stale)]).toEqual([
    'old',
    'diskcache; fwd=stale; fwd-status=500; ttl=-1',
  ])
})

test('wrap() runs the handler once for many requests at once', async ({ newCache }) => {
  let runs = 0
  const handle = newCache().wrap(async () => {
    runs++
    await new Promise((resolve) => setTimeout(resolve, 10))
    return page('one')
  })
  const answers = await Promise.all(Array.from({ length: 20 }, () => handle(requestOf())))
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(Array(20).fill('one'))
  expect(runs).toBe(1)
})

test('wrap() returns the very response that is not stored, and leaves its body alone', async ({
  newCache,
}) => {
  const own = new Response(new ReadableStream(), { headers: { 'Content-Type': 'text/event-stream' } })
  const given = await newCache().wrap(() => own)(requestOf())
  expect(given).toBe(own)
  expect(given.body?.locked).toBe(false)
  expect(statusOf(given)).toMatch(/^diskcache; fwd=uri-miss; detail=/)
})

test('wrap() says what was done also of a response whose fields cannot be changed', async ({ newCache }) => {
  const handle = newCache().wrap(() => Response.redirect('https://shop.example/login', 302))
  const answer = await handle(requestOf({ cookie: 'sid=1' }))
  expect([answer.status, answer.headers.get('location'), statusOf(answer)]).toEqual([
    302,
    'https://shop.example/login',
    'diskcache; fwd=bypass; detail=cookie',
  ])
})

test('wrap() returns a response of an error as it is', async ({ newCache }) => {
  const own = Response.error()
  const handle = newCache().wrap(() => own)
  expect(await handle(requestOf())).toBe(own)
})

/** What handlers return by mistake, and some frameworks make a response of. */
const NO_RESPONSES: Readonly<Record<string, unknown>> = {
  ...{ text: 'text', undefined: undefined, null: null, object: { status: 200, headers: {} } },
  ...{ list: [1], function: () => {} },
}

for (const [name, returned] of Object.entries(NO_RESPONSES))
  test(`wrap() returns what is no response as it is: ${name}`, async ({ newCache }) => {
    const told: unknown[] = []
    const handle = newCache({ onError: (error) => told.push(error) }).wrap(async () => returned as Response)
    const requests = [
      requestOf(),
      requestOf(),
      requestOf({ cookie: 'sid=1' }),
      requestOf({}, { method: 'POST' }),
    ]
    for (const request of requests) expect(await handle(request)).toBe(returned)
    expect(await Promise.all([1, 2, 3].map(() => handle(requestOf())))).toEqual(Array(3).fill(returned))
    expect(told).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/it is no Response/) }),
    )
  })

test('wrap() purges a URL also when what the handler of a POST returns is no response', async ({
  newCache,
  activity,
}) => {
  const handle = newCache().wrap(({ method }) => (method === 'POST' ? (undefined as never) : page('page')))
  await (await handle(requestOf())).text()
  await activity.settled()
  await handle(requestOf({}, { method: 'POST' }))
  expect(statusOf(await handle(requestOf()))).toBe('diskcache; fwd=uri-miss; stored')
})

test('wrap() stores a response of another class, by its shape', async ({ newCache, activity }) => {
  const handle = newCache().wrap(() => {
    const { status, statusText, headers, body, bodyUsed } = page('other')
    return { status, statusText, headers, body, bodyUsed } as Response
  })
  expect(await (await handle(requestOf())).text()).toBe('other')
  await activity.settled()
  const hit = await handle(requestOf())
  expect([await hit.text(), statusOf(hit)]).toEqual(['other', 'diskcache; hit; ttl=60'])
})

/** Responses whose body nobody can read any more. */
const UNREADABLE: Readonly<Record<string, (made: Response) => unknown>> = {
  'was read': (made) => made.text(),
  'was read in part': async (made) => {
    const reader = (made.body as ReadableStream).getReader()
    await reader.read()
    reader.releaseLock()
  },
  'is locked': (made) => made.body?.getReader(),
}

for (const [name, spoil] of Object.entries(UNREADABLE))
  test(`wrap() returns a response whose body ${name} as it is, and lets nobody wait for it`, async ({
    newCache,
    activity,
  }) => {
    const told: unknown[] = []
    const made: Response[] = []
    const handle = newCache({ onError: (error) => told.push(error) }).wrap(async () => {
      const one = page('page')
      made.push(one)
      if (made.length < 5) await spoil(one)
      return one
    })
    const start = performance.now()
    expect(await handle(requestOf())).toBe(made[0])
    const others = await Promise.all([1, 2, 3].map(() => handle(requestOf())))
    expect(new Set(others)).toEqual(new Set(made.slice(1)))
    expect(told.length).toBe(4)
    expect(await (await handle(requestOf())).text()).toBe('page')
    // Far less than anybody waits for another's answer.
    expect(performance.now() - start).toBeLessThan(5_000)
    await activity.settled()
    expect(statusOf(await handle(requestOf()))).toBe('diskcache; hit; ttl=60')
  })

test('wrap() tells what waitUntil throws, and answers', async ({ newCache, activity }) => {
  const told: unknown[] = []
  const problem = new Error('it is over')
  const waitUntil = () => {
    throw problem
  }
  const handle = newCache({ onError: (error) => told.push(error) }).wrap(
    (_request: Request, _context: object) => page('page', { ETag: '"one"' }),
  )
  expect((await handle(requestOf({ 'if-none-match': '"one"' }), { waitUntil })).status).toBe(304)
  await activity.settled()
  expect(await (await handle(requestOf(), { waitUntil })).text()).toBe('page')
  expect(told).toContain(problem)
})

test('wrap() stores a response without a body, and one of many lines', async ({ newCache, activity }) => {
  const headers = { 'Cache-Control': 'public, max-age=60', 'X-Note': 'kept' }
  const handle = newCache().wrap(() => new Response(null, { headers }))
  await handle(requestOf())
  await activity.settled()
  const hit = await handle(requestOf())
  expect([await hit.text(), hit.headers.get('x-note'), statusOf(hit)]).toEqual([
    '',
    'kept',
    'diskcache; hit; ttl=60',
  ])
})

test('wrap() takes conditions from a request while the handler has it', async ({ newCache }) => {
  const seen: (string | null)[] = []
  const handle = newCache().wrap((request: Request) => {
    seen.push(request.headers.get('if-none-match'))
    return page('page', { ETag: '"one"' })
  })
  const request = requestOf({ 'if-none-match': '"one"' })
  expect((await handle(request)).status).toBe(304)
  expect(seen).toEqual([null])
  expect(request.headers.get('if-none-match')).toBe('"one"')
})

test('wrap() gives another request of the class to the handler where one cannot be changed', async ({
  newCache,
}) => {
  class Unchangeable extends Request {
    constructor(...given: ConstructorParameters<typeof Request>) {
      super(...given)
      const refuse = () => {
        throw new TypeError('immutable')
      }
      Object.assign(this.headers, { delete: refuse })
    }
  }
  const seen: Request[] = []
  const handle = newCache().wrap((request: Request) => {
    seen.push(request)
    return page('page', { ETag: '"one"' })
  })
  const request = new Unchangeable(URL_OF_PAGE, { headers: { 'if-none-match': '"one"', accept: 'a/b' } })
  expect((await handle(request)).status).toBe(304)
  expect(seen[0]).toBeInstanceOf(Unchangeable)
  expect([seen[0]?.headers.get('if-none-match'), seen[0]?.headers.get('accept')]).toEqual([null, 'a/b'])
})

test('wrap() asks the handler in the context of the request, whatever others come in the same turn', async ({
  newCache,
  activity,
}) => {
  const context = new AsyncLocalStorage<number>()
  const cache = newCache()
  const handle = cache.wrap(() => page(`for ${context.getStore()}`))
  const urls = Array.from({ length: 5 }, (_, i) => `${URL_OF_PAGE}/${i}`)
  const ask = () =>
    Promise.all(urls.map((url, i) => context.run(i, async () => (await handle(new Request(url))).text())))
  await ask()
  await activity.settled()
  await ask()
  // What is in memory is no longer so.
  for (const url of urls) await cache.purge({ url })
  expect(await ask()).toEqual(urls.map((_, i) => `for ${i}`))
})

test('wrap() takes a field with any name', async ({ newCache, activity }) => {
  const handle = newCache().wrap((request) =>
    page(request.headers.get('__proto__') as string, { Vary: '__proto__' }),
  )
  const ask = (value: string) => handle(new Request(URL_OF_PAGE, { headers: [['__proto__', value]] }))
  for (const value of ['a', 'b']) expect(await (await ask(value)).text()).toBe(value)
  await activity.settled()
  const again = await ask('a')
  expect([await again.text(), statusOf(again)]).toEqual(['a', 'diskcache; hit; ttl=60'])
})

test('two caches around a handler do not wait for each other', async ({ newCache }) => {
  const [outer, inner] = [newCache({ name: 'outer' }), newCache({ name: 'inner' })]
  const handle = outer.wrap(inner.wrap(() => page('page')))
  expect(statusOf(await handle(requestOf()))).toBe('diskcache; fwd=uri-miss; stored')
})

test('route() gives a route options of its own', async ({ newCache, activity }) => {
  const cache = newCache({ tags: ['all'] })
  const handle = cache.route({ ttl: 5_000, tags: ['own'] }).wrap(() => new Response('page'))
  await (await handle(requestOf())).text()
  await activity.settled()
  expect(statusOf(await handle(requestOf()))).toBe('diskcache; hit; ttl=5')
  const all = await Array.fromAsync(cache.list(), ({ url, tags, hits }) => ({ url, tags, hits }))
  expect(all).toEqual([{ url: URL_OF_PAGE, tags: ['own'], hits: 1 }])
  expect(await cache.purge({ tag: 'own' })).toBe(true)
})

test('a request that says who asks by what middleware has found is not stored', async ({ newCache }) => {
  const cache = newCache()
  let user: string | undefined
  const respond = () =>
    cache.respond(requestOf(), () => page(user ?? 'all'), { isPersonal: () => user !== undefined })
  user = 'alice'
  expect(statusOf(await respond())).toBe('diskcache; fwd=bypass; detail=personal')
  user = undefined
  const late = await cache.respond(
    requestOf(),
    () => {
      user = 'alice'
      return page(user)
    },
    { isPersonal: () => user !== undefined },
  )
  expect(statusOf(late)).toBe('diskcache; fwd=uri-miss; detail=personal')
})

test('a response is one user’s own, too, where isPersonal gives the user, or a promise', async ({
  newCache,
}) => {
  const cache = newCache()
  const detailWith = async (isPersonal: () => unknown) => {
    const respond = () => cache.respond(requestOf(), () => page('a'), { isPersonal: isPersonal as never })
    await respond()
    return statusOf(await respond())
  }
  expect(await detailWith(() => ({ name: 'alice' }))).toBe('diskcache; fwd=bypass; detail=personal')
  expect(await detailWith(async () => true)).toBe('diskcache; fwd=bypass; detail=unavailable')
})

test('what is no option is refused', async ({ newCache }) => {
  expect(() => newCache({ trustProxy: 'yes' } as never)).toThrow(/trustProxy/)
  expect(() => newCache({ isPersonal: 1 } as never)).toThrow(/isPersonal/)
  expect(() => newCache().route({ name: 'x' } as never)).toThrow(/Cannot use name for a route/)
  for (const none of [null, 1, []]) {
    expect(() => cacheResponses('unused', none as never)).toThrow(
      /the options of the response cache: expected an object/,
    )
    expect(() => newCache().route(none as never)).toThrow(/the options of a route: expected an object/)
    expect(() => newCache().wrap(() => page('a'), none as never)).toThrow(/of wrap: expected an object/)
    const respond = () => newCache().respond(requestOf(), () => page('a'), none as never)
    expect(respond).toThrow(/of respond: expected an object/)
  }
  expect(() => newCache().wrap(1 as never)).toThrow(/the handler: expected a function/)
  expect(() => newCache().wrap(() => page('a'), { ttl: 1 } as never)).toThrow(/unknown option 'ttl'/)
  const wrapWith = (refreshArguments: unknown) => () =>
    newCache().wrap(() => page('a'), { refreshArguments } as never)
  expect(wrapWith(null)).toThrow(/refreshArguments: expected a function, got null/)
  const respond = () => newCache().respond(requestOf(), () => page('a'), { IsPersonal: () => true } as never)
  expect(respond).toThrow(/unknown option 'IsPersonal'/)
})
