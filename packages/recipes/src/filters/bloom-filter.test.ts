import { Cache, JSONDisk } from '@diskcache/cache'
import { directoryTest as test } from '@diskcache/testkit'
import { Faults, Memory, MemoryStore } from '@diskcache/testkit/memory'
import { expect } from 'vitest'
import { BloomFilter, RollingCounter } from '../index.ts'

const OPTIONS = { name: 'seen', capacity: 10_000, errorRate: 0.01 }
const SEED = Number(process.env.SEED ?? Date.now() % 1e6)

test('BloomFilter keeps its bits with every codec, also as JSON', async ({ directory }) => {
  using cache = new Cache(directory, { disk: JSONDisk })
  const filter = new BloomFilter(cache, OPTIONS)
  expect([await filter.add('a'), await filter.add('a'), await filter.has('a')]).toEqual([true, false, true])
  const counter = new RollingCounter(cache, { name: 'visits', period: 'day', keep: 3 })
  expect([await counter.incr('a'), await counter.incr('a')]).toEqual([1, 2])
})

test('BloomFilter takes one row for a value beside its head, and asks for those of many in slices', async ({
  directory,
}) => {
  using cache = new Cache(directory)
  const filter = new BloomFilter(cache, { ...OPTIONS, capacity: 1_000_000 })
  await filter.add('a')
  expect(cache.size).toBe(2)
  const values = Array.from({ length: 60_000 }, (_, i) => i)
  expect((await filter.addMany(values)).filter(Boolean).length).toBeGreaterThan(59_900)
  expect((await filter.hasMany(values)).every(Boolean)).toBe(true)
  expect(Math.abs((await filter.size()) - 60_001)).toBeLessThan(0.03 * 60_001)
  await filter.clear()
  expect(cache.size).toBe(1)
  expect(cache.check()).toEqual([])
})

test(`BloomFilter and RollingCounter lose nothing that a failing engine has confirmed (SEED=${SEED})`, async () => {
  const faults = new Faults({ seed: SEED, perMille: 200, delay: 1 })
  const memory = new Memory()
  const added: string[] = []
  let counted = 0
  const work = async (name: string) => {
    const store = faults.in(new MemoryStore({ memory }))
    const filter = new BloomFilter(store, OPTIONS)
    const counter = new RollingCounter(store, { name: 'visits', period: 'day', keep: 3 })
    for (let i = 0; i < 60; i++) {
      const value = `${name} ${i}`
      const isAdded = await filter.add(value).then(
        () => true,
        () => false,
      )
      if (isAdded) added.push(value)
      await counter.incr().then(
        () => counted++,
        () => {},
      )
    }
  }
  await Promise.all(['a', 'b', 'c'].map(work))
  expect(added.length).toBeGreaterThan(30)
  const store = new MemoryStore({ memory })
  expect((await new BloomFilter(store, OPTIONS).hasMany(added)).every(Boolean)).toBe(true)
  const counter = new RollingCounter(store, { name: 'visits', period: 'day', keep: 3 })
  // An answer that was lost was counted nevertheless.
  const count = await counter.count(undefined, { last: 2 })
  expect(count).toBeGreaterThanOrEqual(counted)
  expect(count).toBeLessThanOrEqual(180)
})

test('BloomFilter takes nothing over from a block that outlives its filter', async () => {
  let time = 1_800_000_000_000
  const store = new MemoryStore({ clock: () => time })
  const block = ['diskcache', 'bloom', 'short', 0]
  const filter = new BloomFilter(store, { name: 'short', capacity: 100, errorRate: 0.01, ttl: 1_000 })
  await filter.add('a')
  const outlived = await store.get(block)
  time += 1_000
  await store.set(block, outlived)
  expect([await filter.add('b'), await filter.has('a')]).toEqual([true, false])
  expect(await filter.add('a')).toBe(true)
  time += 999
  expect(await filter.hasMany(['a', 'b'])).toEqual([true, true])
})

test('BloomFilter takes nothing over from a block whose head was removed, as by an evict() that was killed', async () => {
  let time = 1_800_000_000_000
  const store = new MemoryStore({ clock: () => time })
  const filter = new BloomFilter(store, { name: 'cut', capacity: 5_000, errorRate: 0.01, ttl: 10_000 })
  await filter.addMany(Array.from({ length: 200 }, (_, i) => `old ${i}`))
  time += 9_000
  await store.delete(['diskcache', 'bloom', 'cut'])
  await store.delete(['diskcache', 'bloom', 'cut', 3])
  expect([await filter.has('old 1'), await filter.size()]).toEqual([false, 0])
  const values = Array.from({ length: 200 }, (_, i) => `new ${i}`)
  await filter.addMany(values)
  time += 9_999
  expect((await filter.hasMany(values)).filter(Boolean)).toHaveLength(200)
  time += 1
  expect(await filter.size()).toBe(0)
})
