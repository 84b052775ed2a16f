import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { storeTest } from '@diskcache/testkit'
import { expect } from 'vitest'
import { FanoutCache } from './fanout-cache.ts'

const test = storeTest((directory, options) => new FanoutCache(directory, { shards: 4, ...options }))

/** Keys of different shards: small integers are their own hash. */
const KEYS = [0, 1, 2, 3] as const

test('FanoutCache.promises transact() comes after what was asked for before, and before what was asked for later', async ({
  store,
}) => {
  const { promises } = store
  const results = await Promise.all([
    ...KEYS.map((key) => promises.set(key, 1)),
    promises.transact((face) => KEYS.map((key) => face.incr(key))),
    ...KEYS.map((key) => promises.incr(key)),
    promises.transact((face) => face.getMany(KEYS)),
    promises.set(KEYS[0], 'last'),
    promises.getMany(KEYS),
  ])
  expect(results.slice(4)).toEqual([[2, 2, 2, 2], 3, 3, 3, 3, [3, 3, 3, 3], true, ['last', 3, 3, 3]])
})

test('FanoutCache.promises keeps order while shards are being opened, with and without signals', async ({
  store,
  reopen,
}) => {
  store.close()
  const { promises } = reopen()
  const { signal } = new AbortController()
  const results = await Promise.all(
    KEYS.flatMap((key) => [
      promises.set(key, 1, { signal }),
      promises.incr(key),
      promises.get(key, { signal }),
      promises.setMany([[key, 5]]),
      promises.getMany([key], { signal }),
    ]),
  )
  expect(results).toEqual(KEYS.flatMap(() => [true, 2, 2, [true], [5]]))
})

test('FanoutCache.promises transact() rejects with the reason of its signal while it waits', async ({
  store,
  directory,
}) => {
  using shard = new Cache(join(directory, '003'))
  const { promises } = store
  const stop = new AbortController()
  const reason = new Error('stopped')
  const transacted = promises.transact(() => expect.unreachable(), { signal: stop.signal })
  // Held for as long as this generator is not resumed, which another connection of this process can do.
  shard.transact(() => stop.abort(reason))
  await expect(transacted).rejects.toBe(reason)
  expect(await promises.set(KEYS[0], 'goes on')).toBe(true)
})

test('FanoutCache.promises transact() rejects when its body fails, with all undone', async ({ store }) => {
  const { promises } = store
  const failed = promises.transact((face) => {
    for (const key of KEYS) face.set(key, 1)
    throw new Error('failed')
  })
  await expect(failed).rejects.toThrow('failed')
  expect(await promises.count()).toBe(0)
})

test('FanoutCache.promises transact() refuses a body that returns a promise', async ({ store }) => {
  // @ts-expect-error: a body must not be asynchronous
  await expect(store.promises.transact(async () => 1)).rejects.toThrow(TypeError)
})

test('FanoutCache.promises waitFor() resolves when a shard of the keys changes, and not when another does', async ({
  store,
  reopen,
}) => {
  const other = reopen()
  const { signal } = new AbortController()
  let hasChanged = false
  const changed = store.promises.waitFor([KEYS[1], KEYS[2]], { signal }).then(() => {
    hasChanged = true
  })
  other.set(KEYS[3], 1)
  await delay(30)
  expect(hasChanged).toBe(false)
  other.set(KEYS[2], 1)
  await changed
})

test('FanoutCache.promises waitFor() hears of transact()', async ({ store }) => {
  const changed = store.promises.waitFor([KEYS[2]], { signal: AbortSignal.timeout(20_000) })
  await store.promises.transact((face) => face.set(KEYS[2], 1))
  await changed
})

test('FanoutCache.promises operations refuse a signal that is none', async ({ store }) => {
  await expect(store.promises.get('k', { signal: 'no' as never })).rejects.toThrow(TypeError)
})

test('FanoutCache.promises close() finishes a transaction that waits, and closes named caches', async ({
  store,
}) => {
  const pages = store.cache('pages')
  const transacted = Promise.all([
    store.promises.transact((face) => face.set('k', 1)),
    store.promises.transact((face) => face.incr('k')),
    store.promises.incr('k'),
  ])
  const stored = pages.promises.set('k', 1)
  await store.promises.close()
  expect(await Promise.all([transacted, stored])).toEqual([[true, 2, 3], true])
  expect(pages.isOpen).toBe(false)
})

test('FanoutCache.promises keeps order around what concerns many keys, and lets the loop turn', async ({
  store,
}) => {
  const { promises } = store
  const keys = Array.from({ length: 5_000 }, (_, i) => i)
  const entries = keys.map((key) => [key, `value ${key}`] as const)
  let turns = 0
  const count = setInterval(() => turns++)
  const results = await Promise.all([
    promises.set(4_999, 'before'),
    promises.setMany(entries),
    promises.update(4_999, (entry) => ({ set: `${entry?.value} after` })),
    promises.getMany([...keys, 'missing']),
    promises.hasMany(keys),
    promises.deleteMany(keys),
    promises.set(0, 'last'),
  ])
  clearInterval(count)
  expect(results[1]).toEqual(keys.map(() => true))
  expect(results[3]).toEqual([
    ...keys.slice(0, -1).map((key) => `value ${key}`),
    'value 4999 after',
    undefined,
  ])
  expect(results[4]).toEqual(keys.map(() => true))
  expect(results[5]).toEqual(keys.map(() => true))
  expect([...store.entries()]).toEqual([[0, 'last']])
  expect(turns).toBeGreaterThan(0)
})

test('FanoutCache.promises setMany() of many rejects with what is wrong, and lets go of what waits', async ({
  store,
}) => {
  const { promises } = store
  const entries: [unknown, number][] = Array.from({ length: 2_000 }, (_, i) => [i, i])
  entries.push([Symbol('no key'), 1])
  const failed = promises.setMany(entries as [number, number][])
  const later = promises.set('later', 1)
  await expect(failed).rejects.toThrow(TypeError)
  expect(await later).toBe(true)
  const aborted = AbortSignal.abort(new Error('aborted'))
  await expect(
    promises.setMany(entries.slice(0, 2_000) as [number, number][], { signal: aborted }),
  ).rejects.toThrow('aborted')
  expect(store.size).toBe(1)
})
