import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { Cache, Disk, JSONDisk } from '@diskcache/cache'
import { expect } from 'vitest'
import { doctorTest as test, textOf } from './doctor/doctor-test.ts'
import { craft } from './doctor/raw-database.ts'

const HOUR = 3_600_000

function fill(directory: string): void {
  using cache = new Cache(directory)
  cache.transact(() => {
    for (let i = 0; i < 400; i++) cache.set(`key ${i}`, { i, text: 'x'.repeat(i % 200) })
  })
}

function overwrite(directory: string, at: number, bytes: Uint8Array): void {
  const descriptor = openSync(join(directory, 'cache.db'), 'r+')
  writeSync(descriptor, bytes, 0, bytes.length, at)
  closeSync(descriptor)
}

/** Returns the value files of a directory. */
function valueFiles(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.val')).map((name) => join(directory, name))
}

test('doctor names a damaged header, and what SQLite complains of', async ({ directory, examine, found }) => {
  fill(directory)
  overwrite(directory, 0, Buffer.from('SQLite forget it'))
  expect(await found()).toEqual(['damaged-database'])
  overwrite(directory, 0, Buffer.from('SQLite format 3\0'))
  expect(await found()).toEqual([])
  craft(
    directory,
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'node_filename'",
  )
  const report = await examine()
  expect(report.isHealthy).toBe(false)
  expect(textOf(report, 'damaged-database')).toMatch(/^The database is damaged: ./)
})

test('doctor names pages that were written over', async ({ directory, found }) => {
  fill(directory)
  const { size } = statSync(join(directory, 'cache.db'))
  overwrite(directory, Math.floor(size / 2), Buffer.alloc(Math.floor(size / 4), 0xff))
  expect(await found()).toContain('damaged-database')
})

test('doctor names copies of damaged databases', async ({ directory, examine }) => {
  fill(directory)
  writeFileSync(join(directory, 'cache.db-damaged-1750000000000'), 'copy')
  expect(textOf(await examine(), 'damaged-copies')).toContain('2025-06-15')
})

test('doctor names wrong counters and settings', async ({ directory, examine, found }) => {
  fill(directory)
  craft(directory, "UPDATE Settings SET value = 399 WHERE key = 'count'")
  expect(textOf(await examine(), 'wrong-counter')).toContain('count says 399, and there are 400')
  craft(directory, "UPDATE Settings SET value = 400 WHERE key = 'count'")
  craft(directory, "UPDATE Settings SET value = 'much' WHERE key = 'size_limit'")
  expect(textOf(await examine(), 'illegal-settings')).toMatch(/: size_limit$/)
  craft(directory, "UPDATE Settings SET value = 1000000000 WHERE key = 'size_limit'")
  craft(directory, "UPDATE Settings SET value = 0 WHERE key = 'cull_limit'")
  expect(await found()).toEqual(['no-culling'])
})

test('doctor names codecs that are not known, and a name that is damaged', async ({
  directory,
  examine,
  found,
}) => {
  class Upper extends Disk {
    static override readonly codec = 'upper-case'
  }
  new Cache(directory, { disk: Upper }).close()
  expect(textOf(await examine(), 'unknown-codec')).toMatch(/: "upper-case"$/)
  craft(directory, "UPDATE Settings SET value = 'upper-cbse' WHERE key = 'node_disk'")
  expect(await found()).toEqual(['damaged-codec-name'])
  const other = join(directory, 'json')
  new Cache(other, { disk: JSONDisk }).close()
  expect(await found(other)).toEqual([])
})

test('doctor names entries that are not what was stored', async ({ directory, examine, found }) => {
  fill(directory)
  craft(directory, 'UPDATE Cache SET node_sum = node_sum + 64 WHERE rowid IN (10, 20)')
  expect(textOf(await examine(), 'wrong-checksum')).toContain('2 of 400 entries')
  craft(directory, 'UPDATE Cache SET node_sum = node_sum - 64 WHERE rowid IN (10, 20)')
  expect(await found()).toEqual([])
})

test('doctor names files that are gone, cut, or left behind', async ({ directory, examine, found }) => {
  using cache = new Cache(directory)
  for (let i = 0; i < 3; i++) cache.set(i, 'x'.repeat(40_000))
  cache.close()
  const [first = '', second = ''] = valueFiles(directory)
  rmSync(first)
  truncateSync(second, 5)
  expect(textOf(await examine(), 'missing-file')).toContain('2 of 3 entries')
  const orphan = join(directory, 'ab', 'cd', `${'0'.repeat(28)}.val`)
  mkdirSync(join(directory, 'ab', 'cd'), { recursive: true })
  writeFileSync(orphan, 'orphan')
  expect(await found()).not.toContain('orphaned-files')
  utimesSync(orphan, 1_000, 1_000)
  expect(textOf(await examine(), 'orphaned-files')).toMatch(/: 1 file$/)
})

test('doctor names entries of the future', async ({ directory, examine }) => {
  using cache = new Cache(directory, { clock: () => Date.now() + 50 * HOUR })
  cache.set('early', 1)
  cache.close()
  expect(textOf(await examine(), 'future-entries')).toContain('1 of 1 entry, up to 2 d ahead')
})

test('doctor names a heap of expired entries', async ({ directory, examine }) => {
  using cache = new Cache(directory, { clock: () => Date.now() - HOUR })
  cache.setMany(
    Array.from({ length: 1_500 }, (_, i) => [i, i] as const),
    { ttl: 1_000 },
  )
  cache.close()
  const report = await examine()
  expect(textOf(report, 'expired-heap')).toContain('1,500 entries of 1,500')
  expect(report.isHealthy).toBe(false)
})

test('doctor names a cache beyond its limits', async ({ directory, found }) => {
  using cache = new Cache(directory)
  cache.set('large', Buffer.alloc(4_000_000), { pin: true })
  cache.set('small', 1)
  cache.close()
  craft(directory, "UPDATE Settings SET value = 1000000 WHERE key = 'size_limit'")
  expect(await found()).toEqual(['over-limit'])
  craft(directory, "UPDATE Settings SET value = 1 WHERE key = 'node_max_entries'")
  expect(await found()).toEqual(['over-limit', 'too-many-entries'])
})

test('doctor names tags without an index', async ({ directory, examine, found }) => {
  using cache = new Cache(directory)
  cache.setMany(
    Array.from({ length: 10_001 }, (_, i) => [i, i] as const),
    { tag: 'many' },
  )
  cache.close()
  expect(textOf(await examine(), 'no-tag-index')).toContain('about 10,001 entries')
  new Cache(directory, { tagIndex: true }).close()
  expect(await found()).toEqual([])
})
