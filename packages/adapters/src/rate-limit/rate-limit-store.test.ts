import { Cache } from '@diskcache/cache'
import { errorChannel } from '@diskcache/core'
import { directoryTest } from '@diskcache/testkit'
import { MemoryStore } from '@diskcache/testkit/memory'
import express from 'express'
import { rateLimit, type Store } from 'express-rate-limit'
import { expect, onTestFinished } from 'vitest'
import { failingStore } from '../../tests/nest/failing-store.ts'
import { CACHE, ENGINES, limitTest, PATIENT } from '../../tests/rate-limit/limit-test.ts'
import { rateLimitStoreSuite } from '../../tests/rate-limit/rate-limit-store-suite.ts'
import { serving } from '../../tests/rate-limit/serving.ts'
import { RateLimitStore } from './rate-limit-store.ts'

for (const engine of ENGINES) rateLimitStoreSuite(engine)

const test = limitTest(CACHE)

test('RateLimitStore is a store for express-rate-limit, which sees that the counters are shared', async ({
  store,
}) => {
  const limit: Store = new RateLimitStore(store)
  expect(limit).toMatchObject({ localKeys: false, prefix: 'rate-limit:' })
})

test('express-rate-limit counts, refuses, and tells when the window ends', async ({ store }) => {
  const limit = rateLimit({
    store: new RateLimitStore(store, PATIENT),
    windowMs: 3_600_000,
    limit: 2,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: 'api',
  })
  await using server = await serving(express().use(limit, (_req, res) => void res.send('Hello')))
  const answers: Response[] = []
  for (let i = 0; i < 3; i++) answers.push(await fetch(server.origin))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
  expect(answers.map(({ headers }) => headers.get('RateLimit'))).toEqual([
    expect.stringMatching(/^"api"; r=1; t=3(600|59\d)$/),
    expect.stringMatching(/^"api"; r=0; t=3(600|59\d)$/),
    expect.stringMatching(/^"api"; r=0; t=3(600|59\d)$/),
  ])
  expect(await limit.getKey('127.0.0.1')).toMatchObject({ totalHits: 3 })
  await limit.resetKey('127.0.0.1')
  expect((await fetch(server.origin)).status).toBe(200)
})

test('express-rate-limit takes hits back with skipFailedRequests', async ({ store }) => {
  const limits = new RateLimitStore(store, PATIENT)
  const limit = rateLimit({ store: limits, windowMs: 3_600_000, limit: 1, skipFailedRequests: true })
  await using server = await serving(express().use(limit, (_req, res) => void res.sendStatus(404)))
  expect((await fetch(server.origin)).status).toBe(404)
  await expect.poll(async () => (await limits.get('127.0.0.1'))?.totalHits, { timeout: 20_000 }).toBe(0)
})

test.for([
  [false, 500],
  [true, 200],
] as const)(
  'express-rate-limit with passOnStoreError: %s answers %i while the store fails',
  async ([passOnStoreError, status]) => {
    const failing = failingStore(new MemoryStore(), ['update'])
    const logger = { error: () => {}, warn: () => {} }
    const limit = rateLimit({ store: new RateLimitStore(failing), passOnStoreError, logger })
    const app = express()
      .set('env', 'test')
      .use(limit, (_req, res) => void res.send('Hello'))
    await using server = await serving(app)
    expect((await fetch(server.origin)).status).toBe(status)
  },
)

test.for(['text', null, Number.NaN, Infinity, -5, 1e300, [1]])(
  'RateLimitStore begins a window in the place of %o, and tells it',
  async (value, { store }) => {
    const told: unknown[] = []
    const listen = (message: unknown) => told.push(message)
    errorChannel.subscribe(listen)
    onTestFinished(() => void errorChannel.unsubscribe(listen))
    await store.set('rate-limit:ada', value)
    const limit = new RateLimitStore(store, PATIENT)
    expect(await limit.get('ada')).toBeUndefined()
    await limit.decrement('ada')
    const { totalHits, resetTime } = await limit.increment('ada')
    expect(totalHits).toBe(1)
    expect(resetTime).toBeInstanceOf(Date)
    expect((await limit.increment('ada')).totalHits).toBe(2)
    expect(told[0]).toMatchObject({ key: 'rate-limit:ada', error: expect.any(TypeError) })
  },
)

test('RateLimitStore does not wait for a store that is away', async () => {
  const silent = new Proxy(new MemoryStore(), {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? () => new Promise<never>(() => {}) : member
    },
  })
  const limit = new RateLimitStore(silent, { storeTimeout: 20 })
  await expect(limit.increment('ada')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_TIMEOUT' })
  await expect.poll(() => limit.health().status, { timeout: 20_000 }).toBe('away')
  await expect(limit.increment('ada')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_UNAVAILABLE' })
})

directoryTest('RateLimitStore: no flood of other entries evicts a counter', async ({ directory }) => {
  using cache = new Cache(directory, { sizeLimit: 400_000 })
  const limit = new RateLimitStore(cache, PATIENT)
  await limit.increment('ada')
  cache.set('other', 1)
  for (let i = 0; i < 100; i++) cache.set(i, Buffer.alloc(10_000))
  expect(cache.has('other')).toBe(false)
  expect((await limit.get('ada'))?.totalHits).toBe(1)
})

directoryTest(
  'RateLimitStore.shutdown() closes the cache that it opened, and no other',
  async ({ directory }) => {
    using cache = new Cache(directory)
    const own = new RateLimitStore(directory, { cache: { sizeLimit: 1_000_000 }, ...PATIENT })
    const given = new RateLimitStore(cache, PATIENT)
    onTestFinished(() => own.shutdown())
    await own.increment('ada')
    expect((await given.increment('ada')).totalHits).toBe(2)
    await own.shutdown()
    await given.shutdown()
    await expect(own.increment('ada')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_CLOSED' })
    expect((await given.increment('ada')).totalHits).toBe(3)
  },
)

test.for([
  [{ size: 1 }, "unknown option 'size', known are prefix, cache, storeTimeout"],
  [{ prefix: 'none' }, 'Cannot use prefix: expected text that ends with its only colon'],
  [{ prefix: 'a:b:' }, 'Cannot use prefix'],
  [{ prefix: 1 }, 'Cannot use prefix: expected a string, got 1'],
  [{ storeTimeout: 0 }, 'Cannot use storeTimeout'],
  [{ cache: { sizeLimit: 1 } }, "unknown option 'sizeLimit'"],
] as const)('RateLimitStore refuses the options %o', ([options, message]) => {
  expect(() => new RateLimitStore(new MemoryStore(), options as object)).toThrow(message)
})

test('RateLimitStore.init() refuses a window that is none', ({ store }) => {
  for (const windowMs of [0, Number.NaN, '1h' as never])
    expect(() => new RateLimitStore(store).init({ windowMs })).toThrow('Cannot use windowMs')
})
