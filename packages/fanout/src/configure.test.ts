import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cache, JSONDisk } from '@diskcache/cache'
import { storeTest } from '@diskcache/testkit'
import { expect } from 'vitest'
import { FanoutCache } from './fanout-cache.ts'

const test = storeTest((directory, options) => new FanoutCache(directory, { shards: 4, ...options }))

const SHARDS = [0, 1, 2, 3] as const

const CHANGE = { evictionPolicy: 'none', sizeLimit: 4_000_003, tagIndex: true } as const
const SHARE = { evictionPolicy: 'none', sizeLimit: 1_000_000, tagIndex: true } as const

/** Both faces, as one that can be awaited. */
const FACES = [
  ['configure()', async (store: FanoutCache) => store.configure(CHANGE)],
  ['promises configure()', (store: FanoutCache) => store.promises.configure(CHANGE)],
] as const

function settingsOf(store: FanoutCache, index: number) {
  using shard = new Cache(join(store.directory, `00${index}`))
  return shard.settings
}

for (const [name, configure] of FACES) {
  test(`FanoutCache ${name} gives every shard its part, and other processes follow`, async ({
    store,
    reopen,
  }) => {
    const other = reopen()
    other.setMany(SHARDS.map((key) => [key, 1]))
    await configure(store)
    for (const index of SHARDS) expect(settingsOf(store, index)).toMatchObject(SHARE)
    for (const face of [store, other])
      expect(face.settings).toMatchObject({ ...CHANGE, sizeLimit: 4_000_000 })
  })

  test(`FanoutCache ${name} of a shard that is beyond use changes the others, and that one when it is back`, async ({
    store,
  }) => {
    store.close()
    const file = join(store.directory, '002', 'cache.db')
    const sound = readFileSync(file)
    writeFileSync(file, 'a text '.repeat(1_000))
    using damaged = new FanoutCache(store.directory)
    await configure(damaged)
    expect(damaged.get(2)).toBeUndefined()
    writeFileSync(file, sound)
    using mended = new FanoutCache(store.directory)
    expect(mended.set(2, 'value')).toBe(true)
    for (const index of SHARDS) expect(settingsOf(store, index)).toMatchObject(SHARE)
  })

  test(`FanoutCache ${name} refuses an unknown setting, and changes nothing`, async ({ store }) => {
    const change = { sizeLimit: 5, size: 1 } as never
    await expect(store.promises.configure(change)).rejects.toThrow(TypeError)
    expect(() => store.configure(change)).toThrow(TypeError)
    expect(store.settings.sizeLimit).toBe(2 ** 30)
  })
}

test('FanoutCache.configure() gives compressLevel to the codec of every shard', async ({ directory }) => {
  const path = join(directory, 'json')
  using store = new FanoutCache(path, { shards: 2, disk: JSONDisk, compressLevel: 0 })
  expect(store.settings.compressLevel).toBe(0)
  store.configure({ compressLevel: 9 })
  for (const index of [0, 1]) {
    using shard = new Cache(join(path, `00${index}`), { disk: JSONDisk })
    expect(shard.settings.compressLevel).toBe(9)
  }
})

test('FanoutCache.configure() refuses compressLevel where the codec does not compress', async ({ store }) => {
  expect(() => store.configure({ compressLevel: 1 })).toThrow(/JSONDisk/)
  await expect(store.promises.configure({ compressLevel: 1 })).rejects.toThrow(/JSONDisk/)
})

test('FanoutCache.promises configure() comes in its turn', async ({ store }) => {
  const { promises } = store
  const results = await Promise.all([promises.set(3, 1), promises.configure(CHANGE), promises.get(3)])
  expect(results).toEqual([true, undefined, 1])
  expect(settingsOf(store, 3)).toMatchObject(SHARE)
})

test('FanoutCache divides maxEntries among its shards, and keeps to it', async ({ store }) => {
  store.configure({ maxEntries: 43 })
  for (const index of SHARDS) expect(settingsOf(store, index).maxEntries).toBe(10)
  expect(store.settings.maxEntries).toBe(40)
  store.setMany(Array.from({ length: 200 }, (_, key) => [key, 1]))
  await store.promises.setMany(Array.from({ length: 200 }, (_, key) => [`${key}`, 1]))
  expect(store.size).toBe(40)
  await store.promises.configure({ maxEntries: 20 })
  expect(await store.promises.cull()).toBe(20)
  store.configure({ maxEntries: Infinity })
  expect(store.settings.maxEntries).toBe(Infinity)
  store.setMany(Array.from({ length: 200 }, (_, key) => [key, 1]))
  expect(store.size).toBeGreaterThanOrEqual(200)
})

test('FanoutCache refuses fewer maxEntries than shards, and does not settle their number', async ({
  store,
  directory,
}) => {
  const message = 'Cannot use maxEntries: expected at least 4, one for each shard, or Infinity, got 3'
  expect(() => store.configure({ maxEntries: 3 })).toThrow(new RangeError(message))
  await expect(store.promises.configure({ maxEntries: 3 })).rejects.toThrow(new RangeError(message))
  expect(store.settings.maxEntries).toBe(Infinity)
  const path = join(directory, 'new')
  expect(() => new FanoutCache(path, { shards: 4, maxEntries: 3 })).toThrow(new RangeError(message))
  expect(() => new FanoutCache(path, { initialSettings: { maxEntries: 3 } })).toThrow('expected at least 8')
  using opened = new FanoutCache(path, { shards: 3, initialSettings: { maxEntries: 7 } })
  expect(opened.settings).toMatchObject({ maxEntries: 6, sizeLimit: 2 ** 30 - 1 })
})
