import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { directoryTest } from '@diskcache/testkit'
import { expect } from 'vitest'
import { Locked } from '../../cache/tests/event-loop/locked.ts'
import { Ticker } from '../../cache/tests/event-loop/ticker.ts'
import { laterClock } from '../../cache/tests/processes/soundness.ts'
import { expectSoundShards } from './processes/soundness.ts'

const SHARDS = 4
/** Small integers are their own hash: each of these keys lies in the shard of its number. */
const KEYS = [0, 1, 2, 3] as const
const FREE = 0
const LOCKED = 3
const LARGE = Buffer.alloc(60_000, 'large')

const TIMEOUT = expect.objectContaining({ code: 'ERR_DISKCACHE_TIMEOUT' })

/** A `test` with an old value under every key, and the shard of one of them locked by another process. */
const test = directoryTest.extend<{ cache: FanoutCache; locked: Locked }>({
  cache: async ({ directory }, use) => {
    // These make every read something to be noted, which must not wait either.
    const settings = { statistics: true, evictionPolicy: 'least-recently-used' } as const
    using cache = new FanoutCache(directory, { ...settings, shards: SHARDS })
    cache.setMany(
      KEYS.map((key) => [key, 'old', { tag: 'tag' }]),
      { ttl: 3_600_000 },
    )
    await use(cache)
    cache.close()
    expectSoundShards(directory)
  },
  locked: async ({ directory, cache }, use) => {
    expect(cache.isOpen).toBe(true)
    await using locked = await Locked.take(join(directory, `00${LOCKED}`))
    await use(locked)
  },
})

function settingsOf(cache: FanoutCache, index: number) {
  using shard = new Cache(join(cache.directory, `00${index}`))
  return shard.settings
}

function chunks(): AsyncIterable<Uint8Array> {
  return (async function* () {
    yield LARGE
  })()
}

test('FanoutCache reads from a locked shard', ({ cache, locked }) => {
  expect(cache.getMany(KEYS)).toEqual(['old', 'old', 'old', 'old'])
  expect(cache.get(LOCKED)).toBe('old')
  expect(cache.getEntry(LOCKED)).toMatchObject({ value: 'old' })
  expect(cache.has(LOCKED)).toBe(true)
  expect([...cache.keys({ order: 'sorted' })]).toEqual([...KEYS])
  expect([...cache]).toHaveLength(4)
  expect(cache.size).toBe(4)
  expect(cache.volume()).toBeGreaterThan(0)
  expect(cache.check()).toEqual([])
  expect(cache.stats().dropped).toBe(0)
  expect(locked.isHeld).toBe(true)
})

test('FanoutCache opens a locked shard and reads from it', ({ cache, locked, directory }) => {
  using later = new FanoutCache(directory)
  expect(later.get(LOCKED)).toBe('old')
  expect(later.set(LOCKED, 'new')).toBe(false)
  expect(cache.shards).toBe(SHARDS)
  expect(locked.isHeld).toBe(true)
})

test('FanoutCache drops writes of one key to a locked shard, counts them, and says so on the channel', async ({
  cache,
  locked,
}) => {
  const { messages, stop } = listen()
  const absent = LOCKED + SHARDS
  expect(cache.set(LOCKED, 'new')).toBe(false)
  expect(cache.set(LOCKED, LARGE)).toBe(false)
  expect(cache.add(absent, 'new')).toBe(false)
  expect(cache.touch(LOCKED, { ttl: Infinity })).toBe(false)
  expect(cache.delete(LOCKED)).toBe(false)
  expect(await cache.write(LOCKED, chunks())).toBe(false)
  stop()
  const keys = [LOCKED, LOCKED, absent, LOCKED, LOCKED, LOCKED]
  expect(messages).toEqual(keys.map((key) => ({ store: cache.directory, key, reason: 'dropped' })))
  expect(cache.stats().dropped).toBe(6)
  expect(cache.set(FREE, 'new')).toBe(true)

  await locked.release()
  expect(cache.getMany([FREE, LOCKED, absent])).toEqual(['new', 'old', undefined])
  expect(cache.getEntry(LOCKED)?.expireTime).toBeDefined()
})

function listen() {
  const messages: unknown[] = []
  const note = (message: unknown) => messages.push(message)
  subscribe('diskcache:lock', note)
  return { messages, stop: () => unsubscribe('diskcache:lock', note) }
}

test('FanoutCache drops the part of many that lies in a locked shard', async ({ cache, locked }) => {
  const entries = KEYS.map((key) => [key, 'new'] as const)
  expect(cache.setMany(entries)).toEqual([true, true, true, false])
  expect(cache.deleteMany([0, LOCKED])).toEqual([true, false])
  expect(cache.stats().dropped).toBe(2)
  await locked.release()
  expect(cache.getMany(KEYS)).toEqual([undefined, 'new', 'new', 'old'])
})

test('FanoutCache removes what it can beside a locked shard, rather than hang', async ({ cache, locked }) => {
  expect(cache.evict('tag')).toBe(3)
  expect(cache.setMany(KEYS.map((key) => [key, 'new']))).toEqual([true, true, true, false])
  expect(cache.clear({ prefix: 'none' })).toBe(0)
  expect(cache.clear()).toBe(3)
  expect(cache.expire()).toBe(0)
  expect(cache.cull()).toBe(0)
  // One for each removal, and that of setMany().
  expect(cache.stats().dropped).toBeGreaterThanOrEqual(4)
  await locked.release()
  expect([...cache]).toEqual([[LOCKED, 'old']])
})

test('FanoutCache.expire() removes what it can beside a locked shard', async ({
  directory,
  cache,
  locked,
}) => {
  using later = new FanoutCache(directory, { clock: laterClock })
  expect(later.expire()).toBe(3)
  await locked.release()
  expect(later.expire()).toBe(1)
  expect(cache.size).toBe(0)
})

test('FanoutCache throws ERR_DISKCACHE_TIMEOUT where no answer could mean "dropped"', async ({
  cache,
  locked,
}) => {
  const operations: (() => unknown)[] = [
    () => cache.incr(LOCKED + SHARDS),
    () => cache.decr(LOCKED + SHARDS),
    () => cache.pop(LOCKED),
    () => cache.popEntry(LOCKED),
    () => cache.update(LOCKED, () => ({ set: 'new' })),
    () => cache.transact(() => expect.unreachable()),
  ]
  for (const operation of operations) expect(operation).toThrow(TIMEOUT)
  expect(cache.stats().dropped).toBe(0)
  expect(cache.incr(FREE + SHARDS)).toBe(1)
  await locked.release()
  expect(cache.get(LOCKED)).toBe('old')
})

test('FanoutCache.configure() changes nothing while a shard is locked', async ({ cache, locked }) => {
  const settings = { ...cache.settings }
  expect(() => cache.configure({ cullLimit: 3 })).toThrow(TIMEOUT)
  for (const index of KEYS) expect(settingsOf(cache, index).cullLimit).toBe(settings.cullLimit)
  await locked.release()
  cache.configure({ cullLimit: 3 })
  for (const index of KEYS) expect(settingsOf(cache, index).cullLimit).toBe(3)
})

test('FanoutCache.promises.configure() waits for a locked shard, unless its signal is aborted', async ({
  cache,
  locked,
}) => {
  const stop = new AbortController()
  const aborted = cache.promises.configure({ cullLimit: 2 }, { signal: stop.signal })
  const refused = expect(aborted).rejects.toThrow('stopped')
  await setTimeout(5)
  stop.abort(new Error('stopped'))
  await refused
  expect(cache.settings.cullLimit).toBe(10)
  const changed = cache.promises.configure({ cullLimit: 3 })
  await setTimeout(5)
  await locked.release()
  await changed
  for (const index of KEYS) expect(settingsOf(cache, index).cullLimit).toBe(3)
})

test('FanoutCache gives a shard that was locked when it was opened the settings of all at a later use', async ({
  directory,
  cache,
  locked,
}) => {
  using later = new FanoutCache(directory, { cullLimit: 3 })
  expect([later.get(LOCKED), settingsOf(cache, LOCKED).cullLimit]).toEqual(['old', 10])
  await locked.release()
  expect([later.get(LOCKED), settingsOf(cache, LOCKED).cullLimit]).toEqual(['old', 3])
})

test('FanoutCache.promises waits for a locked shard, loses nothing, and keeps the loop turning', async ({
  cache,
  locked,
}) => {
  const { promises } = cache
  const completed = new Set<string>()
  const done = (name: string) => (result: unknown) => {
    completed.add(name)
    return result
  }
  const waiting = [
    promises.set(LOCKED, LARGE).then(done('set')),
    promises.incr(LOCKED + SHARDS).then(done('incr')),
    promises.setMany(KEYS.map((key) => [key + 2 * SHARDS, key])).then(done('setMany')),
    promises.transact((store) => KEYS.map((key) => store.incr(key + SHARDS))).then(done('transact')),
    promises.pop(LOCKED).then(done('pop')),
    promises.write(LOCKED, chunks()).then(done('write')),
  ]
  using ticker = new Ticker()
  let reads = 0
  for (const end = performance.now() + 1_000; performance.now() < end; reads++) {
    expect(cache.get(LOCKED)).toBe('old')
    await setTimeout(1)
  }
  expect([...completed]).toEqual([])
  expect(ticker.ticks).toBeGreaterThanOrEqual(30)
  expect(reads).toBeGreaterThanOrEqual(30)

  await locked.release()
  const all = KEYS.map(() => true)
  expect(await Promise.all(waiting)).toEqual([true, 1, all, [1, 1, 1, 2], LARGE, true])
  expect(cache.get(LOCKED)).toEqual(LARGE)
  expect(cache.stats().dropped).toBe(0)
})

test('FanoutCache.promises goes on with other shards while one is locked', async ({ cache, locked }) => {
  const { promises } = cache
  const waiting = promises.incr(LOCKED + SHARDS)
  for (let i = 0; i < 20; i++) expect(await promises.incr(FREE + SHARDS)).toBe(i + 1)
  expect(locked.isHeld).toBe(true)
  await locked.release()
  expect(await waiting).toBe(1)
})

test('FanoutCache.promises.transact() holds no lock while it waits for one', async ({
  directory,
  cache,
  locked,
}) => {
  const waiting = cache.promises.transact((store) => store.getMany(KEYS))
  using other = new FanoutCache(directory, { timeout: 1_000 })
  for (let i = 0; i < 50; i++) {
    expect(other.set(FREE, i)).toBe(true)
    await setTimeout(1)
  }
  await locked.release()
  expect(await waiting).toEqual([49, 'old', 'old', 'old'])
})

test('FanoutCache.promises rejects after asyncTimeout, without a trace', async ({
  directory,
  cache,
  locked,
}) => {
  const { promises } = new FanoutCache(directory, { asyncTimeout: 100 })
  const waiting = [
    promises.set(LOCKED, LARGE),
    promises.incr(LOCKED + SHARDS),
    promises.transact(() => expect.unreachable()),
  ]
  for (const outcome of await Promise.allSettled(waiting)) {
    expect(outcome).toEqual({ status: 'rejected', reason: TIMEOUT })
  }
  expect(locked.isHeld).toBe(true)
  await promises.close()
  await locked.release()
  expect([...cache.keys()]).toEqual([...KEYS])
})
