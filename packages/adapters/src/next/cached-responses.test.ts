import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import type { AsyncStore } from '@diskcache/core'
import { directoryTest } from '@diskcache/testkit'
import { MemoryStore } from '@diskcache/testkit/memory'
import { describe, expect, onTestFinished, vi } from 'vitest'
import {
  buildIn,
  ENGINES,
  LIFE,
  nextTest,
  nowOfNext,
  PAGE,
  PATIENT,
  VALUES,
} from '../../tests/next/next-test.ts'
import type { CachedResponses } from './cached-responses.ts'
import { createCacheHandler } from './create-cache-handler.ts'
import { placeOf } from './tags/tag-slot.ts'

const FETCH = { kind: 'FETCH', tags: ['fetched'], softTags: ['_N_T_/layout', '_N_T_/page'] }
const KINDS = Object.entries(VALUES)

for (const engine of ENGINES) {
  const test = nextTest(engine)

  describe(`createCacheHandler() over ${engine.name}`, () => {
    test.for(KINDS)(
      'get() gives a value of the kind %s as it was set',
      async ([kind, value], { request }) => {
        const before = nowOfNext() - 1_000
        await request().set(kind, value, kind === 'FETCH' ? { tags: ['fetched'] } : LIFE)
        const found = await request().get(kind, { kind: kind === 'REDIRECT' ? 'PAGES' : kind })
        expect(found).toEqual({
          ...{ value, lastModified: expect.any(Number) },
          ...(kind === 'FETCH' ? {} : LIFE),
        })
        expect(found?.lastModified).toBeGreaterThanOrEqual(before)
        const { rscData, segmentData, body, buffer } = found!.value as unknown as Record<string, unknown>
        const bytes = [rscData, body, buffer, ...((segmentData as Map<string, unknown>)?.values() ?? [])]
        expect(bytes.filter((part) => part !== undefined).every(Buffer.isBuffer)).toBe(true)
        expect(await request().get('missing', { kind })).toBeNull()
      },
    )

    test('get() tells a page that is not found from none, and kinds apart', async ({ request }) => {
      await request().set('absent', null, LIFE)
      expect(await request().get('absent', { kind: 'PAGES' })).toMatchObject({ value: null, ...LIFE })
      expect(await request().get('absent', FETCH)).toBeNull()
      await request().set('page', VALUES.APP_PAGE, LIFE)
      expect(await request().get('page', FETCH)).toBeNull()
      expect(await request().get('page', { kind: 'IMAGE' })).toBeNull()
    })

    test('revalidateTag() ends what has a tag: of its field, of its context, and of the path', async ({
      request,
      advance,
    }) => {
      for (const tag of ['pages', '_N_T_/layout']) {
        await request().set('page', VALUES.APP_PAGE, LIFE)
        await request().revalidateTag(['other', tag])
        expect(await request().get('page', PAGE)).toBeNull()
        advance(1_000)
      }
      for (const tag of ['fetched', 'more', '_N_T_/page']) {
        await request().set('fetch', { ...VALUES.FETCH, tags: undefined } as never, {
          tags: ['fetched', 'more'],
        })
        expect(await request().get('fetch', FETCH)).not.toBeNull()
        await request().revalidateTag(tag)
        expect(await request().get('fetch', FETCH)).toBeNull()
        advance(1_000)
      }
      await request().set('page', VALUES.APP_PAGE, LIFE)
      expect(await request().get('page', PAGE)).not.toBeNull()
    })

    test('revalidateTag() with durations lets values pass as stale, until those are over', async ({
      request,
      advance,
    }) => {
      await request().set('page', VALUES.APP_PAGE, { cacheControl: { revalidate: false, expire: undefined } })
      await request().set('absent', null, {})
      await request().set('fetch', { ...VALUES.FETCH, revalidate: 0xfffffffe } as never, {
        tags: ['fetched'],
      })
      await request().revalidateTag(['pages', 'fetched'], { expire: 60 })
      const now = nowOfNext() + 100
      const page = await request().get('page', PAGE)
      expect(page?.cacheControl).toEqual({ revalidate: 1, expire: undefined })
      expect(page!.lastModified + 1_000).toBeLessThan(now)
      expect((await request().get('fetch', FETCH))!.lastModified).toBeLessThan(now - 0xfffffffe * 1_000)
      expect((await request().get('fetch', { ...FETCH, revalidate: 5 }))!.lastModified).toBeLessThan(
        now - 5_000,
      )
      expect(await request().get('absent', { kind: 'PAGES' })).toMatchObject({ value: null })
      advance(60_000)
      expect(await request().get('page', PAGE)).toBeNull()
      expect(await request().get('fetch', FETCH)).toBeNull()
      await request().set('page', VALUES.APP_PAGE, LIFE)
      expect(await request().get('page', PAGE)).toMatchObject(LIFE)
    })
  })

  describe(`createCacheHandler() over ${engine.name}: what is not served`, () => {
    test('set() stores nothing as new that was read before a revalidation', async ({ request, advance }) => {
      const slow = request()
      expect(await slow.get('page', PAGE)).toBeNull()
      advance(1_000)
      await request().revalidateTag('pages')
      advance(1_000)
      await slow.set('page', VALUES.APP_PAGE, LIFE)
      expect(await request().get('page', PAGE)).toBeNull()
      expect(await slow.get('page', PAGE)).toBeNull()
      await slow.set('page', VALUES.APP_PAGE, LIFE)
      expect(await request().get('page', PAGE)).not.toBeNull()
    })

    test.for([
      null,
      'text',
      { format: 2 },
      { tags: 'pages' },
      { madeAt: 'now' },
      { lastModified: null },
      { cacheControl: { revalidate: 0 } },
      { value: undefined },
      { value: { kind: 'OTHER' } },
      { value: { ...VALUES.APP_PAGE, rscData: 'text' } },
      { value: { ...VALUES.APP_PAGE, segmentData: new Map([['/', 'text']]) } },
      { value: { ...VALUES.APP_ROUTE, status: '200' } },
      { cacheControl: { revalidate: { valueOf: 1, toString: 1 } } },
      ...[true, '12', 5n, 1e300, Number.NaN].map((revalidate) => ({ cacheControl: { revalidate } })),
      { cacheControl: { revalidate: 60, expire: Number.NaN } },
      { value: null },
      { value: { kind: { toString: 1, valueOf: 1 } } },
      { value: { ...VALUES.APP_PAGE, kind: 'constructor' } },
      ...[VALUES.APP_ROUTE, VALUES.PAGES, VALUES.REDIRECT, VALUES.FETCH].map((value) => ({ value })),
      ...[99, 999_999, 200.5].map((status) => ({ value: { ...VALUES.APP_PAGE, status } })),
      ...[{ 'x a': '1' }, { a: 'b\r\nc: d' }, { a: {} }, { a: ['b', null] }].map((headers) => ({
        value: { ...VALUES.APP_PAGE, headers },
      })),
    ])('get() finds nothing in a row that was changed to %o', async (change, { store, request }) => {
      await request().set('page', VALUES.APP_PAGE, LIFE)
      const key = 'next::response:id:page'
      const row = await store.get(key)
      expect(row).toMatchObject({ format: 1 })
      await store.set(key, typeof change === 'object' && change ? { ...(row as object), ...change } : change)
      expect(await request().get('page', PAGE)).toBeNull()
    })

    test('get() finds nothing that has a tag whose row is damaged, until the tag is revalidated', async ({
      store,
      request,
      advance,
    }) => {
      await request().set('page', VALUES.APP_PAGE, LIFE)
      await store.set(`next::tags:${placeOf('pages').slot}`, { format: 2 })
      expect(await request().get('page', PAGE)).toBeNull()
      await request().revalidateTag('pages')
      advance(1_000)
      await request().set('page', VALUES.APP_PAGE, LIFE)
      expect(await request().get('page', PAGE)).not.toBeNull()
    })
  })
}

const test = nextTest(ENGINES[0]!)

test('createCacheHandler() tells builds, deployments and applications apart, but not what is fetched by builds', async ({
  directory,
  store,
  build,
}) => {
  const other = buildIn(join(directory, 'other'), 'other')
  const request = (options: object = {}, context = build) =>
    new (createCacheHandler(store, { ...PATIENT, ...options }))(context)
  await request().set('key', VALUES.APP_PAGE, LIFE)
  await request().set('key', VALUES.FETCH, {})
  vi.stubEnv('NEXT_DEPLOYMENT_ID', 'deployment')
  const deployed = request()
  vi.unstubAllEnvs()
  for (const handler of [
    deployed,
    request({}, other),
    request({ prefix: 'b' }),
    request({ deployment: 'b' }),
  ])
    expect(await handler.get('key', PAGE)).toBeNull()
  for (const handler of [deployed, request({}, other), request({ deployment: 'b' })])
    expect(await handler.get('key', FETCH)).not.toBeNull()
  expect(await request({ prefix: 'b' }).get('key', FETCH)).toBeNull()
  await request({ deployment: 'a' }).set('key', VALUES.APP_PAGE, LIFE)
  expect(await request({ deployment: 'a' }, other).get('key', PAGE)).not.toBeNull()
  rmSync(join(directory, 'other'), { recursive: true })
  const unbuilt = request({}, other)
  await unbuilt.set('key', VALUES.APP_PAGE, LIFE)
  expect(await unbuilt.get('key', PAGE)).toBeNull()
})

test('a process goes on with the build that it began with, and with none until there is one', async ({
  directory,
  store,
}) => {
  const folder = join(directory, 'rebuilt')
  const build = buildIn(folder, 'first')
  rmSync(folder, { recursive: true })
  const Handler = createCacheHandler(store, PATIENT)
  await new Handler(build).set('page', VALUES.APP_PAGE, LIFE)
  expect(await new Handler(build).get('page', PAGE)).toBeNull()
  buildIn(folder, 'first')
  await new Handler(build).set('page', VALUES.APP_PAGE, LIFE)
  buildIn(folder, 'second')
  expect(await new Handler(build).get('page', PAGE)).not.toBeNull()
  const Next = createCacheHandler(store, PATIENT)
  expect(await new Next(build).get('page', PAGE)).toBeNull()
})

test('get() gives times by the clock of the process, however that of the system is set', async ({
  store,
  request,
  advance,
}) => {
  advance(3_600_000)
  await request().set('page', VALUES.APP_PAGE, LIFE)
  await request().set('fetch', VALUES.FETCH, {})
  const stored = (await store.get('next::response:id:page')) as { lastModified: number }
  expect(Math.abs(stored.lastModified - Date.now())).toBeLessThan(60_000)
  const page = (await request().get('page', PAGE))!
  expect(Math.abs(page.lastModified - nowOfNext())).toBeLessThan(60_000)
  await request().revalidateTag(['pages', 'fetched'], {})
  const now = nowOfNext()
  expect((await request().get('page', PAGE))!.lastModified).toBeLessThan(now - 1_000)
  const old = await request().get('fetch', { ...FETCH, revalidate: 600 })
  expect(old!.lastModified).toBeLessThan(now - 600_000)
})

test('get() reads the store once for an entry whose tags it has seen', async ({ store, build }) => {
  let reads = 0
  const counted = new Proxy((store as Cache).promises, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        if (name !== 'capabilities') reads++
        return Reflect.apply(member, target, args)
      }
    },
  })
  const Handler = createCacheHandler(counted as AsyncStore, PATIENT)
  await new Handler(build).set('page', VALUES.APP_PAGE, LIFE)
  const Other = createCacheHandler(counted as AsyncStore, PATIENT)
  for (const expected of [2, 1, 1]) {
    reads = 0
    expect(await new Other(build).get('page', PAGE)).not.toBeNull()
    expect(reads).toBe(expected)
  }
})

directoryTest('revalidations are not evicted before what they are about', async ({ directory }) => {
  using cache = new Cache(join(directory, 'cache'), { sizeLimit: 1_000_000 })
  const build = buildIn(join(directory, 'build'), 'id')
  const handler = new (createCacheHandler(cache, PATIENT))(build)
  await handler.set('page', VALUES.APP_PAGE, LIFE)
  await handler.revalidateTag('pages')
  const body = 'x'.repeat(50_000)
  for (let i = 0; i < 100; i++) await handler.set(`${i}`, { ...VALUES.PAGES, html: body } as never, LIFE)
  expect(cache.size).toBeLessThan(100)
  expect(cache.has(`next::tags:${placeOf('pages').slot}`)).toBe(true)
})

directoryTest('tens of thousands of revalidated tags leave room for pages', async ({ directory }) => {
  using cache = new Cache(join(directory, 'cache'), { sizeLimit: 4 * 1024 ** 2 })
  const handler = new (createCacheHandler(cache, PATIENT))(buildIn(join(directory, 'build'), 'id'))
  await handler.set('page', VALUES.APP_PAGE, LIFE)
  await handler.revalidateTag('pages')
  for (let from = 0; from < 12_000; from += 6_000) {
    await handler.revalidateTag(Array.from({ length: 6_000 }, (_, index) => `product ${from + index}`))
  }
  expect(cache.size).toBeLessThanOrEqual(257)
  expect(await handler.get('page', PAGE)).toBeNull()
  expect(cache.volume()).toBeLessThan(1024 ** 2)
})

/** A store that fails while it is away, and two handlers of different processes, of which one has it so. */
function flakyHandlers(directory: string, error = new Error('no store')) {
  const store = new MemoryStore()
  const build = buildIn(directory, 'id')
  const state = { isAway: false, updates: 0 }
  const flaky = new Proxy<AsyncStore>(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return async (...args: unknown[]) => {
        if (state.isAway) throw error
        if (name === 'update') state.updates++
        return Reflect.apply(member, target, args)
      }
    },
  })
  const here = new (createCacheHandler(flaky, PATIENT))(build)
  const there = () => new (createCacheHandler(store, PATIENT))(build).get('page', PAGE)
  return { state, here, there }
}

directoryTest(
  'nothing rejects while the store fails, and it is told later what was revalidated',
  async ({ directory }) => {
    const { state, here, there } = flakyHandlers(directory)
    await here.set('page', VALUES.APP_PAGE, LIFE)
    state.isAway = true
    expect(await here.get('page', PAGE)).toBeNull()
    await here.set('page', VALUES.APP_PAGE, LIFE)
    await here.revalidateTag('pages')
    await here.revalidateTag(Array.from({ length: 10_000 }, (_, index) => `product ${index}`))
    expect(await there()).not.toBeNull()
    state.isAway = false
    expect(await here.get('page', PAGE)).toBeNull()
    await expect.poll(there, { timeout: 20_000 }).toBeNull()
    expect(state.updates).toBeLessThanOrEqual(256)
  },
)

directoryTest.for([
  ['a miss', (here: CachedResponses) => here.get('missing', PAGE)],
  ['a write', (here: CachedResponses) => here.set('other', VALUES.PAGES, LIFE)],
  ['a revalidation', (here: CachedResponses) => here.revalidateTag('other')],
] as const)('after %s the store is told what it refused', async ([, contact], { directory }) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { state, here, there } = flakyHandlers(directory, new RangeError('after which it is asked at once'))
  await here.set('page', VALUES.APP_PAGE, LIFE)
  state.isAway = true
  await here.revalidateTag('pages')
  state.isAway = false
  await contact(here)
  for (let round = 0; round < 1_000 && (await there()) !== null; round++) await setImmediate()
  expect(await there()).toBeNull()
})

directoryTest.for([
  [{ size: 1 }, "unknown option 'size', known are deployment, prefix, cache, storeTimeout"],
  [{ prefix: 1 }, 'Cannot use prefix: expected a string, got 1'],
  [{ deployment: 1 }, 'Cannot use deployment: expected a string, got 1'],
  [{ storeTimeout: 0 }, 'Cannot use storeTimeout'],
  [{ cache: { size: 1 } }, "unknown option 'size'"],
] as const)('createCacheHandler() refuses the options %o', ([options, message], { directory }) => {
  expect(() => createCacheHandler(directory, options as object)).toThrow(message)
})
