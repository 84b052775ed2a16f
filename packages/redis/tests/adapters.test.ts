import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { createCacheHandler, createUseCacheHandler } from '@diskcache/adapters/next'
import { UndiciCacheStore } from '@diskcache/adapters/undici'
import { afterAll, expect } from 'vitest'
import { Child } from '../../recipes/tests/processes/child.ts'
import type { AdapterJob } from './adapters/adapter-worker.ts'
import { describeRedis } from './servers/describe-redis.ts'
import { redisTest } from './servers/redis-test.ts'

const WORKER = new URL('./adapters/adapter-worker.ts', import.meta.url)

type Call = (member: string, ...args: unknown[]) => Promise<unknown>

/** Two processes, for all tests, with a store each, which can be asked to call members of what stands on it. */
function twoProcesses() {
  const children = new AsyncDisposableStack()
  afterAll(() => children.disposeAsync())
  const start = async (job: AdapterJob): Promise<Call> => {
    const child = children.use(new Child(WORKER, job))
    await child.hear()
    return async (member, ...args) => {
      child.tell({ member, args })
      const { result, error } = await child.hear<{ result?: unknown; error?: string }>()
      expect(error).toBeUndefined()
      return result
    }
  }
  let started: Promise<[Call, Call]> | undefined
  return redisTest().extend<{ calls: readonly [Call, Call] }>({
    calls: async ({ server, prefix }, use) => {
      const job = { url: server.url, prefix }
      started ??= Promise.all([start(job), start(job)])
      await use(await started)
    },
  })
}

describeRedis('Stores of other libraries over RedisStore, in two processes', () => {
  const test = twoProcesses()

  test('Keyv: what one sets, the other gets', async ({ calls: [here, there] }) => {
    const user = { name: 'Ada', born: new Date(0) }
    await here('set', 'ada', user, 60_000)
    await here('set', 'gone', 1, 1)
    expect(await there('get', 'ada')).toEqual({ ...user, born: user.born.toJSON() })
    await expect.poll(() => there('get', 'gone'), { timeout: 20_000 }).toBeUndefined()
    expect(await there('list')).toHaveLength(1)
    await there('clear')
    expect(await here('get', 'ada')).toBeUndefined()
  })

  test('unstorage: what one sets, the other gets, lists and clears', async ({ calls: [here, there] }) => {
    await here('setItem', 'users:1', Buffer.from([0, 255]), 60)
    await here('setItem', 'users2:1', 'Grace')
    await here('set', 'users:1', 'of a Keyv')
    expect(await there('getItem', 'users:1')).toEqual(Buffer.from([0, 255]))
    expect(await there('getMeta', 'users:1')).toEqual({ ttl: expect.closeTo(30, -2) })
    expect(await there('getKeys', 'users')).toEqual(['users:1'])
    await there('clearItems', 'users:')
    expect(await here('getItem', 'users:1')).toBeNull()
    expect(await here('getItem', 'users2:1')).toBe('Grace')
    expect(await here('get', 'users:1')).toBe('of a Keyv')
  })

  test('Sessions: a user who is logged in here is so there', async ({ calls: [here, there] }) => {
    const session = {
      cookie: { originalMaxAge: 60_000, expires: new Date(Date.now() + 60_000) },
      user: 'ada',
    }
    await here('setSession', 'sid', session)
    await here('setSession', 'gone', { cookie: { originalMaxAge: 1, expires: new Date(0) } })
    expect(await there('getSession', 'sid')).toMatchObject({ user: 'ada' })
    expect(await there('countSessions')).toBe(1)
    await there('destroySession', 'sid')
    expect(await here('getSession', 'sid')).toBeUndefined()
  })

  test('RateLimitStore: no hit of either is lost', async ({ calls: [here, there] }) => {
    const hits = await Promise.all([here, there].map((call) => call('countHits', 'ada', 10)))
    const totals = (hits as { totalHits: number }[][]).flat().map(({ totalHits }) => totalHits)
    expect(totals.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(await here('hitsOf', 'ada')).toEqual(await there('hitsOf', 'ada'))
    await there('forgetHits')
    expect(await here('hitsOf', 'ada')).toBeUndefined()
  })
})

describeRedis('HTTP caches and Nest over RedisStore, in two processes', () => {
  const test = twoProcesses()

  test('Nest: one runs the method for both, and each can evict for both', async ({
    calls: [here, there],
  }) => {
    const found = await Promise.all([here('find', 1), there('find', 1)])
    expect(new Set(found).size).toBe(1)
    expect(Number(await here('runs', 'articles')) + Number(await there('runs', 'articles'))).toBe(1)
    await there('change', 1)
    expect(await here('find', 1)).toBe(await there('find', 1))
    expect(Number(await here('runs', 'articles')) + Number(await there('runs', 'articles'))).toBe(2)
  })

  test('Express: one answers for both, and each can purge for both', async ({ calls: [here, there] }) => {
    const pages = [await here('fetch', '/page/1'), await there('fetch', '/page/1')]
    expect(new Set(pages).size).toBe(1)
    expect(Number(await here('runs', 'pages')) + Number(await there('runs', 'pages'))).toBe(1)
    expect(await there('purge')).toBe(true)
    await here('fetch', '/page/1')
    expect(Number(await here('runs', 'pages')) + Number(await there('runs', 'pages'))).toBe(2)
  })

  test('undici: what one stores, the other finds, and reads to its end', async ({ open }) => {
    const stores = [open(), open()].map((store) => new UndiciCacheStore(store, { storeTimeout: 10_000 }))
    const [here, there] = stores as [UndiciCacheStore, UndiciCacheStore]
    const now = Date.now()
    const head = { statusCode: 200, statusMessage: 'OK', headers: {}, cachedAt: now, staleAt: now + 60_000 }
    for (const size of [10, 100_000, 3_000_000]) {
      const key = { origin: 'http://example.com', method: 'GET', path: `/${size}` }
      const writer = here.createWriteStream(key, { ...head, deleteAt: now + 60_000 })!
      writer.end('x'.repeat(size))
      await once(writer, 'close')
      const found = await there.get(key)
      await there.delete(key)
      expect(await buffer(found!.body as AsyncIterable<Buffer>)).toHaveLength(size)
      expect(await here.get(key)).toBeUndefined()
    }
  })

  test('Next.js: what one stores the other serves, and revalidates for both', async ({ open }) => {
    const options = { storeTimeout: 10_000, deployment: 'a' }
    const [here, there] = [open(), open()].map((store) => new (createCacheHandler(store, options))({}))
    const page = {
      ...{ kind: 'APP_PAGE', html: '<p>page</p>', rscData: Buffer.from([0, 255]), status: 200 },
      headers: { 'x-next-cache-tags': 'pages' },
      segmentData: new Map([['/_tree', Buffer.from('tree')]]),
    }
    const life = { cacheControl: { revalidate: 60, expire: 3_600 } }
    await here!.set('page', page, life)
    expect(await there!.get('page', page)).toEqual({ value: page, lastModified: expect.any(Number), ...life })
    await there!.revalidateTag('pages')
    expect(await here!.get('page', page)).toBeNull()

    const [one, two] = [open(), open()].map((store) => createUseCacheHandler(store, { storeTimeout: 10_000 }))
    const timestamp = performance.timeOrigin + performance.now()
    const times = { timestamp, stale: 1, revalidate: 60, expire: 3_600 }
    const entry = { value: new Blob(['text']).stream(), tags: ['used'], ...times }
    await one!.set('key', Promise.resolve(entry))
    expect(await new Response((await two!.get('key', []))?.value).text()).toBe('text')
    await two!.updateTags(['used'], { expire: 60 })
    // Times are kept in whole milliseconds.
    const found = { ...times, timestamp: expect.closeTo(timestamp, -1), revalidate: -1 }
    expect(await one!.get('key', [])).toMatchObject(found)
  })
})
