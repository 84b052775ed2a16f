import { Cache } from '@diskcache/cache'
import { directoryTest as test } from '@diskcache/testkit'
import { describe, expect } from 'vitest'
import {
  Averager,
  BloomFilter,
  BoundedSemaphore,
  barrier,
  getFenced,
  getOrSet,
  Lock,
  memoizeStampede,
  type RecipeStore,
  RLock,
  RollingCounter,
  setIfNewer,
  TokenBucket,
  throttle,
} from './index.ts'

/** What somebody may have stored where a recipe keeps its row. */
const VALUES = [
  'text',
  5,
  null,
  true,
  {},
  [1],
  Buffer.from('x'),
  new Map(),
  { token: 1 },
  { token: 1, failure: { name: 'Error', message: 'no luck' } },
  { token: 1, softExpiry: 1e15, failure: { name: 'Error', message: 5 } },
  { token: 1, holds: [{}] },
  { token: 1, holds: [], line: [null] },
  { token: 1, holds: [], line: [{ owner: 'x', until: 5n }] },
  { token: 1, holds: [], line: [{ owner: 'x' }], turnedAt: 5n },
  { newest: 1 },
  { newest: 1, counts: 'x' },
  { newest: 1, counts: [1.5] },
  { newest: '1', counts: [] },
  { capacity: 100, errorRate: 0.01, endsAt: null },
  { capacity: 100, errorRate: 0.01, endsAt: null, blocks: 1.5 },
  { capacity: 100, errorRate: 0.01, endsAt: '1', blocks: 1, bits: 'x'.repeat(684) },
  { capacity: 100, errorRate: 0.01, endsAt: null, bits: 'AAAA' },
]

interface Use {
  /** The key of the row. */
  readonly row: unknown[]
  readonly run: (store: RecipeStore) => Promise<unknown>
}

const lock = (store: RecipeStore) => new Lock(store, 'k')
const averager = (store: RecipeStore) => new Averager(store, 'k')
const counter = (store: RecipeStore) => new RollingCounter(store, { name: 'c', period: 'hour', keep: 3 })
const filter = (store: RecipeStore) => new BloomFilter(store, { name: 'f', capacity: 100, errorRate: 0.01 })
const rate = { name: 'rate', count: 5, per: 1_000 }

const USES: Record<string, Use> = {
  'Lock.acquire()': { row: ['lock', 'k'], run: (store) => lock(store).acquire() },
  'Lock.tryAcquire()': { row: ['lock', 'k'], run: (store) => lock(store).tryAcquire() },
  'Lock.locked()': { row: ['lock', 'k'], run: (store) => lock(store).locked() },
  'RLock.run()': { row: ['lock', 'k'], run: (store) => new RLock(store, 'k').run(() => {}) },
  'BoundedSemaphore.run()': {
    row: ['semaphore', 'k'],
    run: (store) => new BoundedSemaphore(store, 'k', 2).run(() => {}),
  },
  'barrier()': {
    row: ['lock', ['diskcache', 'barrier', 'k']],
    run: (store) => barrier(store, () => {}, { name: 'k' })(),
  },
  'Averager.add()': { row: ['averager', 'k'], run: (store) => averager(store).add(1) },
  'Averager.get()': { row: ['averager', 'k'], run: (store) => averager(store).get() },
  'Averager.pop()': { row: ['averager', 'k'], run: (store) => averager(store).pop() },
  'RollingCounter.incr()': {
    row: ['counter', 'c', 3_600_000, 'k'],
    run: (store) => counter(store).incr('k'),
  },
  'RollingCounter.count()': { row: ['counter', 'c', 3_600_000], run: (store) => counter(store).count() },
  'BloomFilter.add(), its block': { row: ['bloom', 'f', 0], run: (store) => filter(store).add('k') },
  'BloomFilter.has(), its block': { row: ['bloom', 'f', 0], run: (store) => filter(store).has('k') },
  'BloomFilter.add()': { row: ['bloom', 'f'], run: (store) => filter(store).add('k') },
  'BloomFilter.has()': { row: ['bloom', 'f'], run: (store) => filter(store).has('k') },
  'BloomFilter.clear()': { row: ['bloom', 'f'], run: (store) => filter(store).clear() },
  'TokenBucket.tryTake()': {
    row: ['bucket', 'rate', 'k'],
    run: (store) => new TokenBucket(store, rate).tryTake('k'),
  },
  'throttle()': { row: ['bucket', 'rate'], run: (store) => throttle(store, () => {}, rate)() },
}

describe.each(Object.entries(USES))('%s', (_, { row, run }) => {
  test('rejects where something else has stored a value, which stays', async ({ directory }) => {
    await using cache = new Cache(directory).promises
    for (const value of VALUES) {
      await cache.set(['diskcache', ...row], value)
      await expect(run(cache), String(value)).rejects.toMatchObject({
        code: 'ERR_DISKCACHE_FOREIGN_VALUE',
        key: ['diskcache', ...row],
      })
      expect(await cache.get(['diskcache', ...row])).toEqual(value)
    }
  })
})

test('barrier() with share rejects where something else has stored a value', async ({ directory }) => {
  await using cache = new Cache(directory).promises
  const shared = barrier(cache, () => {}, { name: 'k', share: true })
  for (const value of ['text', null, {}, [1]]) {
    await cache.set(['diskcache', 'barrier', 'k', 'result'], value)
    await expect(shared()).rejects.toMatchObject({ code: 'ERR_DISKCACHE_FOREIGN_VALUE' })
  }
})

test('getFenced() and setIfNewer() reject where something else has stored a value', async ({ directory }) => {
  await using cache = new Cache(directory).promises
  for (const value of ['text', null, {}, [1]]) {
    await cache.set(['diskcache', 'fenced', 'k'], value)
    for (const run of [() => getFenced(cache, 'k'), () => setIfNewer(cache, 'k', 1, 2)])
      await expect(run()).rejects.toMatchObject({ code: 'ERR_DISKCACHE_FOREIGN_VALUE' })
  }
})

test.for(['getOrSet', 'lease'])(
  'getOrSet() computes where something else has stored a value as %s, and tells it',
  async (kind, { directory }) => {
    await using cache = new Cache(directory).promises
    for (const value of VALUES) {
      const errors: unknown[] = []
      await cache.clear()
      await cache.set(['diskcache', kind, 'k'], value)
      const options = { ttl: 60_000, onError: (error: unknown) => errors.push(error) }
      expect(await getOrSet(cache, 'k', () => 'made', options)).toBe('made')
      expect(errors[0]).toMatchObject({ code: 'ERR_DISKCACHE_FOREIGN_VALUE' })
    }
    await cache.set(['diskcache', kind, 'failing'], 'text')
    const fail = () => Promise.reject(new Error('no luck'))
    await expect(getOrSet(cache, 'failing', fail, { failureTtl: 60_000 })).rejects.toThrow('no luck')
    const double = memoizeStampede(cache, (n: number) => 2 * n, { name: 'double', ttl: 60_000 })
    await cache.set(['diskcache', kind, ['diskcache', 'memoizeStampede', 'double', 4]], 'text')
    expect(await double(4)).toBe(8)
  },
)
