import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as baseTest, describe, expect } from 'vitest'
import { FanoutCache } from './fanout-cache.ts'

const SHARDS = 4
const KEYS = Array.from({ length: 200 }, (_, i) => `key-${i}`)

const test = baseTest.extend<{ directory: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  directory: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-shard-'))
    using cache = new FanoutCache(directory, { shards: SHARDS })
    cache.setMany(KEYS.map((key) => [key, key] as const))
    cache.close()
    await use(directory)
    rmSync(directory, { recursive: true })
  },
})

const databaseOf = (directory: string, shard: string) => join(directory, shard, 'cache.db')

/** Damages all pages of a shard but the first. */
function ruin(directory: string, shard: string): void {
  const file = databaseOf(directory, shard)
  writeFileSync(file, readFileSync(file).fill(0xa7, 2048))
}

/** Puts something in the place of a shard that is no database, and that nobody overwrites. */
function replace(directory: string, shard: string): void {
  writeFileSync(databaseOf(directory, shard), 'a text '.repeat(1_000))
}

describe.for(['000', '002'])('A FanoutCache whose shard %s is damaged', (shard) => {
  test('makes it anew, and keeps the others', ({ directory }) => {
    ruin(directory, shard)
    using cache = new FanoutCache(directory)
    const found = cache.getMany(KEYS).filter((value) => value !== undefined)
    expect(found.length).toBeGreaterThan(KEYS.length / 2)
    expect(cache.size).toBe(found.length)
    expect(cache.setMany(KEYS.map((key) => [key, 1] as const))).not.toContain(false)
    expect(cache.check()).toEqual([])
    expect(cache.clear()).toBe(KEYS.length)
  })

  test('beyond use serves what is in the others', ({ directory }) => {
    replace(directory, shard)
    using cache = new FanoutCache(directory)
    const found = cache.getMany(KEYS)
    const missing = found.filter((value) => value === undefined).length
    expect(missing).toBeGreaterThan(0)
    expect(cache.size).toBe(KEYS.length - missing)
    const lost = KEYS[found.indexOf(undefined)] as string
    expect([cache.get(lost), cache.has(lost), cache.set(lost, 1), cache.delete(lost)]).toEqual([
      undefined,
      false,
      false,
      false,
    ])
    expect(cache.stats().dropped).toBeGreaterThan(0)
    expect(cache.clear()).toBe(KEYS.length - missing)
  })

  test('beyond use serves what is in the others to the promise face, too', async ({ directory }) => {
    replace(directory, shard)
    await using cache = new FanoutCache(directory).promises
    const missing = (await cache.getMany(KEYS)).filter((value) => value === undefined).length
    expect(missing).toBeGreaterThan(0)
    expect(await cache.count()).toBe(KEYS.length - missing)
    const stored = await cache.setMany(KEYS.map((key) => [key, 1] as const))
    expect(stored.filter((isStored) => !isStored)).toHaveLength(missing)
    expect(await cache.clear()).toBe(KEYS.length - missing)
  })

  test("throws with onCorrupt: 'throw'", ({ directory }) => {
    replace(directory, shard)
    const use = () => {
      using cache = new FanoutCache(directory, { onCorrupt: 'throw' })
      return cache.size
    }
    expect(use).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' }))
  })
})
