import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Disk } from '../codec/disk.ts'
import { JSONDisk } from '../codec/json-disk.ts'
import { CacheDirectory, type DirectoryOptions } from './cache-directory.ts'
import type { SqliteOptions } from './connection/engine.ts'
import { TEST_ENGINE } from './connection/test-engine.ts'
import { registerOpen } from './system/open-registry.ts'

let root: string
let opened: CacheDirectory[]

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
  opened = []
})

afterEach(() => {
  for (const directory of opened) directory.connection.close()
  rmSync(root, { recursive: true })
})

function open(options: Partial<DirectoryOptions> = {}, path = join(root, 'cache')): CacheDirectory {
  const directory = new CacheDirectory(path, {
    engine: TEST_ENGINE,
    settings: {},
    timeout: 1_000,
    readonly: false,
    disk: Disk,
    ...options,
  })
  opened.push(directory)
  return directory
}

function mode(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}

function dataVersion(directory: CacheDirectory): unknown {
  return directory.connection.query('PRAGMA data_version').get()
}

test.skipIf(process.platform === 'win32')(
  'CacheDirectory is private to the user, with all its files (skipped on Windows)',
  () => {
    const directory = open({}, join(root, 'new', 'cache'))
    const filename = directory.files.write('text')
    expect(mode(directory.path)).toBe('700')
    expect(mode(join(directory.path, filename.slice(0, 5)))).toBe('700')
    for (const file of ['cache.db', 'cache.db-wal', 'cache.db-shm', filename]) {
      expect(mode(join(directory.path, file))).toBe('600')
    }
  },
)

test('CacheDirectory commits nothing when it is opened again with settings that agree', () => {
  const first = open({ settings: { cullLimit: 7 } })
  const before = dataVersion(first)
  open({ settings: { cullLimit: 7 } })
  open()
  expect(dataVersion(first)).toEqual(before)
  open({ settings: { cullLimit: 8 } })
  expect(dataVersion(first)).not.toEqual(before)
})

test('CacheDirectory can be reached through a link to it', () => {
  const { path } = open()
  symlinkSync(path, join(root, 'link'))
  expect(open({}, join(root, 'link')).path).toBe(path)
})

test('CacheDirectory remembers the codec', () => {
  open({ disk: JSONDisk })
  expect(() => open()).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' }))
  expect(open({ disk: JSONDisk }).disk).toBeInstanceOf(JSONDisk)
})

test.each(['node_disk', 'node_disk_copy'])('CacheDirectory knows its codec when %s is damaged', (row) => {
  const { connection, path } = open({ disk: JSONDisk })
  connection.query('UPDATE Settings SET value = ? WHERE key = ?').run('JSON?', row)
  expect(() => open()).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' }))
  expect(open({ disk: JSONDisk, onCorrupt: 'quarantine' }).disk).toBeInstanceOf(JSONDisk)
  const names = connection.query("SELECT DISTINCT value FROM Settings WHERE key LIKE 'node_disk%'").all()
  expect(names).toEqual([{ value: JSONDisk.codec }])
  expect(open({ disk: JSONDisk }, path).disk).toBeInstanceOf(JSONDisk)
})

test('CacheDirectory with readonly, throws for a directory without a cache, and leaves it as it was', () => {
  mkdirSync(join(root, 'empty'))
  expect(() => open({ readonly: true }, join(root, 'empty'))).toThrow()
  expect(() => statSync(join(root, 'empty', 'cache.db'))).toThrow()
})

test('CacheDirectory with readonly, makes no file, and refuses to write one', () => {
  const first = open()
  first.connection.close()
  const directory = open({ readonly: true })
  const refused = expect.objectContaining({ code: 'ERR_DISKCACHE_READONLY' })
  expect(() => directory.files.write('text')).toThrow(refused)
  expect(() => directory.connection.transact(() => {})).toThrow(refused)
  expect(readdirSync(directory.path)).toEqual(['cache.db'])
})

test('CacheDirectory does not open for reading what was to be written: SQLite does so when it may not write', () => {
  open().connection.close()
  const opened: unknown[] = []
  class OnlyReading extends TEST_ENGINE.Database {
    constructor(file: string | Buffer, options: SqliteOptions) {
      super(file, { ...options, readonly: true })
      opened.push(file)
    }
  }
  const engine = { ...TEST_ENGINE, Database: OnlyReading }
  expect(() => open({ engine })).toThrow(
    expect.objectContaining({ code: 'ERR_DISKCACHE_IO', message: expect.stringMatching(/try again/) }),
  )
  expect(opened).toHaveLength(1)
  expect(open().connection.transact(() => 5)).toBe(5)
})

test('CacheDirectory opens while another process writes, without waiting for it', () => {
  const first = open()
  first.connection.transact(() => {
    expect(open({ timeout: 0 }).connection.readonly).toBe(false)
  })
})

test.skipIf(process.platform === 'win32')(
  'CacheDirectory says that a path is too long for SQLite, and makes nothing (skipped on Windows)',
  () => {
    const pathOf = (length: number, letter: string) =>
      join(root, `${letter.repeat(99)}/`.repeat(5)).slice(0, length)
    expect(open({}, pathOf(495, 'a')).path).toHaveLength(495)
    expect(() => open({}, pathOf(496, 'b'))).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_IO', message: expect.stringMatching(/496 bytes.*495/) }),
    )
    expect(readdirSync(root)).toEqual(['a'.repeat(99)])
  },
)

test('CacheDirectory gives errors of the operating system a code and the path', () => {
  writeFileSync(join(root, 'file'), '')
  symlinkSync('loop', join(root, 'loop'))
  for (const path of [join(root, 'file', 'cache'), join(root, 'loop'), join(root, 'n'.repeat(300))]) {
    expect(() => open({}, path)).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_IO', path, cause: expect.any(Error) }),
    )
  }
})

test.each(['full', 'extra'] as const)(
  'CacheDirectory has value files synced where every commit is: with synchronous %s',
  (synchronous) => {
    expect(open().files.isDurable).toBe(false)
    expect(open({ settings: { sqlite: { synchronous } } }).files.isDurable).toBe(true)
    expect(open().files.isDurable).toBe(true)
  },
)

test('CacheDirectory has an index for eviction only where the policy goes by count', () => {
  const directory = open({ settings: { evictionPolicy: 'least-frequently-used' } })
  const indexes = () =>
    directory.connection
      .query<{ name: string }>(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'Cache' ORDER BY name",
      )
      .all()
      .map(({ name }) => name)
  expect(indexes()).toEqual(['Cache_access_count', 'Cache_expire_time', 'Cache_key_raw', 'node_filename'])
  directory.configure({ evictionPolicy: 'least-recently-used', tagIndex: true })
  expect(indexes()).toEqual(['Cache_expire_time', 'Cache_key_raw', 'Cache_tag_rowid', 'node_filename'])
})

test('CacheDirectory leaves the index that Python made for its own evictions', () => {
  const { connection, path } = open()
  connection.execute('CREATE INDEX Cache_store_time ON Cache (store_time)')
  const { connection: again } = open({ settings: { statistics: true } }, path)
  const name = again.query<{ name: string }>("SELECT name FROM sqlite_schema WHERE name = 'Cache_store_time'")
  expect(name.get()).toBeDefined()
})

test('CacheDirectory refuses a database with another schema, of a newer format, or none', () => {
  const { connection, path } = open()
  const refused = expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' })
  connection.execute('PRAGMA user_version = 400')
  expect(() => open()).toThrow(refused)
  connection.execute(
    'PRAGMA user_version = 399; CREATE TABLE node_later (x); CREATE INDEX node_more ON Cache (tag); ALTER TABLE Cache ADD COLUMN node_more INTEGER',
  )
  expect(open().path).toBe(path)
  connection.execute('CREATE TABLE Other (x)')
  expect(() => open()).toThrow(refused)
  mkdirSync(join(root, 'text'))
  writeFileSync(
    join(root, 'text', 'cache.db'),
    'This is no database, but a text that is long enough.'.repeat(100),
  )
  expect(() => open({}, join(root, 'text'))).toThrow(
    expect.objectContaining({ code: 'ERR_DISKCACHE_CORRUPT' }),
  )
})

test('registerOpen() refuses a second copy of better-sqlite3, and lets the same one open again', () => {
  const { path } = open()
  const file = join(path, 'cache.db')
  const again = open()
  expect(() => registerOpen(file, { copy: '/elsewhere/better-sqlite3' })).toThrow(
    expect.objectContaining({
      code: 'ERR_DISKCACHE_ENGINE',
      message: expect.stringContaining('/elsewhere/better-sqlite3'),
    }),
  )
  for (const directory of opened) directory.connection.close()
  expect(again.connection.isOpen).toBe(false)
  registerOpen(file, { copy: '/elsewhere/better-sqlite3' }).remove()
})

test('SQLite has the fix for lost writes after a reset of the write-ahead log', () => {
  const require = createRequire(import.meta.url)
  const database = new (require('better-sqlite3'))(':memory:')
  const { version } = database.prepare('SELECT sqlite_version() AS version').get()
  const [major, minor, patch] = version.split('.').map(Number)
  expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(3_051_003)
})
