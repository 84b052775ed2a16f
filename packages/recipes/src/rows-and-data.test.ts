import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type AnyStore,
  Averager,
  BloomFilter,
  BoundedSemaphore,
  getOrSet,
  Lock,
  RLock,
  RollingCounter,
  TokenBucket,
} from './index.ts'

const SIZE_LIMIT = 1_600_000
const ROWS = 5_000
const AT_A_TIME = 250
const NAMES = Array.from({ length: 400 }, (_, i) => `data ${i}`)

const STORES: Record<string, (directory: string) => Cache | FanoutCache> = {
  'a cache': (directory) => new Cache(directory, { sizeLimit: SIZE_LIMIT }),
  'a cache that evicts what is least recently used': (directory) =>
    new Cache(directory, { sizeLimit: SIZE_LIMIT, evictionPolicy: 'least-recently-used' }),
  'a cache that evicts what is least frequently used': (directory) =>
    new Cache(directory, { sizeLimit: SIZE_LIMIT, evictionPolicy: 'least-frequently-used' }),
  'a sharded cache': (directory) =>
    new FanoutCache(directory, { sizeLimit: SIZE_LIMIT, shards: 4, timeout: 5_000 }),
}

const RECIPES: Record<string, (store: AnyStore, i: number) => Promise<unknown>> = {
  Lock: (store, i) => new Lock(store, `job ${i}`).run(() => {}),
  RLock: (store, i) => new RLock(store, `job ${i}`).run(() => {}),
  BoundedSemaphore: (store, i) => new BoundedSemaphore(store, `job ${i}`, 2).run(() => {}),
  Averager: (store, i) => new Averager(store, `job ${i}`).add(i),
  RollingCounter: (store, i) =>
    new RollingCounter(store, { name: 'visits', period: 'day', keep: 30 }).incr(`page ${i}`),
  'Averager with an undefined pin': (store, i) => new Averager(store, `job ${i}`, { pin: undefined }).add(i),
  'RollingCounter with an undefined pin': (store, i) =>
    new RollingCounter(store, { name: 'visits', period: 'day', keep: 30, pin: undefined }).incr(`page ${i}`),
  TokenBucket: (store, i) =>
    new TokenBucket(store, { name: 'rate', count: 5, per: 3_600_000 }).tryTake(`client ${i}`),
  'getOrSet that fails': (store, i) =>
    getOrSet(store, `key ${i}`, () => {
      throw new Error('failed')
    }).catch(() => {}),
}

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rows-'))
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** The test command has to be quick: each recipe in one of the stores. */
function recipesFor(store: string) {
  const at = Object.keys(STORES).indexOf(store)
  return Object.entries(RECIPES).filter(
    (_, i) => process.env.DISKCACHE_ALL_PLATFORMS || i % Object.keys(STORES).length === at,
  )
}

describe.each(Object.entries(STORES))('In %s', (name, open) => {
  test.each(recipesFor(name))('the rows of %s do not push data out', async (_, use) => {
    using store = open(directory)
    for (const name of NAMES) store.set(name, 'x'.repeat(1_000))
    for (let i = 0; i < ROWS; i += AT_A_TIME)
      await Promise.all(Array.from({ length: AT_A_TIME }, (_, j) => use(store, i + j)))
    for (let i = 0; i < 100; i++) store.set('written later', i)
    expect(NAMES.filter((name) => store.has(name)).length).toBeGreaterThanOrEqual(0.9 * NAMES.length)
    expect(store.volume()).toBeLessThan(SIZE_LIMIT * 1.1)
    expect(store.check()).toEqual([])
  })
})

test('A lock that is held stays, and so do the last averages, however many rows come', async () => {
  using cache = new Cache(directory, { sizeLimit: 800_000 })
  await using hold = await new Lock(cache, 'held').acquire()
  for (let i = 0; i < 10_000; i += AT_A_TIME)
    await Promise.all(Array.from({ length: AT_A_TIME }, (_, j) => new Averager(cache, i + j).add(i + j)))
  hold.check()
  expect(await new Lock(cache, 'held').tryAcquire()).toBe(undefined)
  expect(await new Averager(cache, 9_999).get()).toBe(9_999)
  expect(await new Averager(cache, 9_800).get()).toBe(9_800)
  expect(await new Averager(cache, 0).get()).toBe(undefined)
})

test('A Bloom filter stays whole, however much data comes', async () => {
  using cache = new Cache(directory, { sizeLimit: 800_000 })
  const filter = new BloomFilter(cache, { name: 'seen', capacity: 50_000, errorRate: 0.01 })
  const values = Array.from({ length: 5_000 }, (_, i) => i)
  await filter.addMany(values)
  for (let i = 0; i < 2_000; i++) cache.set(`data ${i}`, 'x'.repeat(1_000))
  expect((await filter.hasMany(values)).filter(Boolean)).toHaveLength(5_000)
})
