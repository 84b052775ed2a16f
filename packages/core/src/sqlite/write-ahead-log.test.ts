import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Disk } from '../codec/disk.ts'
import type { DiskCacheError } from '../contract/errors.ts'
import { CacheDirectory } from './cache-directory.ts'
import { TEST_ENGINE } from './connection/test-engine.ts'

const MIB = 2 ** 20

let path: string
let opened: CacheDirectory[]

function open(sizeLimit: number, shards = 1): CacheDirectory {
  const settings = { sizeLimit }
  const options = { engine: TEST_ENGINE, settings, timeout: 100, readonly: false, disk: Disk, shards }
  const cache = new CacheDirectory(path, options)
  opened.push(cache)
  return cache
}

function write(cache: CacheDirectory, rows: number, from = 0): void {
  const stored = { mode: 2, inline: Buffer.alloc(1_500), filename: null, size: 0, fileSum: null } as const
  const plain = { expireTime: null, tag: null, moreTags: null, pin: false }
  cache.connection.transact(() => {
    for (let i = from; i < from + rows; i++) cache.entries.insert({ key: i, form: 1 }, stored, plain, 0)
  })
}

/** A log that is too large, and cannot be cut while a reader is inside its transaction. */
function openWithReader(): { cache: CacheDirectory; reader: CacheDirectory } {
  const [cache, reader] = [open(MIB), open(MIB)]
  write(cache, 1)
  reader.connection.execute('BEGIN')
  reader.entries.newestRowid()
  write(cache, 4_000, 1)
  return { cache, reader }
}

/** Resolves when the log is as small as it should be; the test's own limit of time ends it otherwise. */
async function isCut(cache: CacheDirectory): Promise<void> {
  while (cache.log.size > cache.log.limit) await setTimeout(20)
}

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'log-'))
  opened = []
})

afterEach(() => {
  for (const cache of opened) cache.close()
  rmSync(path, { recursive: true, force: true })
})

describe('The log', () => {
  test.each([
    [1_000, 1, 2 * MIB],
    [32 * MIB, 1, 2 * MIB],
    [64 * MIB, 1, 4 * MIB],
    [128 * MIB, 1, 8 * MIB],
    [2 ** 40, 1, 8 * MIB],
    [16 * MIB, 8, MIB],
    [2 ** 37, 8, MIB],
  ])('with a size limit of %i for each of %i databases takes %i bytes', (sizeLimit, shards, bytes) => {
    expect(open(sizeLimit, shards).log.limit).toBe(bytes)
  })

  test('follows a size limit that is changed, by whomever', () => {
    const cache = open(2 ** 30)
    const other = open(2 ** 30)
    cache.configure({ sizeLimit: MIB })
    expect(cache.log.limit).toBe(2 * MIB)
    other.readSettings()
    expect(other.log.limit).toBe(2 * MIB)
  })

  test('stays within its bound while small transactions are written', () => {
    const cache = open(MIB)
    let largest = 0
    for (let i = 0; i < 3_000; i++) {
      write(cache, 1, i)
      largest = Math.max(largest, cache.log.size)
    }
    expect(largest).toBeGreaterThan(MIB)
    expect(largest).toBeLessThanOrEqual(2 * MIB)
  })

  test('is cut by the next transaction after a large one', () => {
    const cache = open(MIB)
    write(cache, 4_000)
    expect(cache.log.size).toBeGreaterThan(4 * MIB)
    write(cache, 1, 4_000)
    expect(cache.log.size).toBeLessThanOrEqual(2 * MIB)
  })

  test('is cut by a timer when nothing is written after a large transaction', async () => {
    const cache = open(MIB)
    write(cache, 4_000)
    await isCut(cache)
    expect(cache.log.size).toBe(0)
  })
})

describe('The log, while somebody reads from it,', () => {
  test('is cut once nobody does any more', async () => {
    const { cache, reader } = openWithReader()
    await setTimeout(400)
    expect(cache.log.size).toBeGreaterThan(4 * MIB)
    expect(cache.log.empty()).toBe(false)
    reader.connection.execute('COMMIT')
    await isCut(cache)
  })

  test('lets writes go on, and is begun anew afterwards', () => {
    const { cache, reader } = openWithReader()
    for (let i = 5_000; i < 5_100; i++) write(cache, 1, i)
    expect(cache.entries.newestRowid()).toBe(4_101n)
    expect(cache.log.size).toBeGreaterThan(4 * MIB)
    reader.connection.execute('COMMIT')
    for (let i = 6_000; i < 6_050; i++) write(cache, 1, i)
    expect(cache.log.size).toBeLessThanOrEqual(2 * MIB)
  })

  test('makes those come again who do not wait, while it is too large', () => {
    const { cache, reader } = openWithReader()
    const codes = new Set<string>()
    for (let i = 5_000; i < 5_100; i++) {
      try {
        cache.connection.withoutWaiting(() => write(cache, 1, i))
      } catch (error) {
        codes.add((error as DiskCacheError).code)
      }
    }
    reader.connection.execute('COMMIT')
    expect([...codes]).toEqual(['ERR_DISKCACHE_TIMEOUT'])
  })
})

describe('The log, when a cache is closed,', () => {
  test('is cut while others have it open', () => {
    const cache = open(MIB)
    const other = open(MIB)
    write(cache, 4_000)
    cache.close()
    expect(other.log.size).toBe(0)
    expect(other.entries.newestRowid()).toBe(4_000n)
  })
})
