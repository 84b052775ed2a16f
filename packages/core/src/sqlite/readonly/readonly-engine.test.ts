import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SqliteDatabase } from '../connection/engine.ts'
import { TEST_ENGINE } from '../connection/test-engine.ts'
import { readonlyEngine } from './readonly-engine.ts'

let root: string
let directory: string
let opened: SqliteDatabase[]

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
  directory = join(root, 'cache')
  mkdirSync(directory)
  opened = []
  const writer = write(1)
  writer.close()
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  for (const database of opened) if (database.open) database.close()
  rmSync(root, { recursive: true })
})

/** Opens the database for writing, and adds a row. */
function write(n: number): SqliteDatabase {
  const file = join(directory, 'cache.db')
  const writer = new TEST_ENGINE.Database(file, { timeout: 0, readonly: false, fileMustExist: false })
  opened.push(writer)
  writer.exec(`PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS t (n); INSERT INTO t VALUES (${n})`)
  return writer
}

function read(path = directory): SqliteDatabase {
  const { Database } = readonlyEngine(TEST_ENGINE)
  const file = join(path, 'cache.db')
  const reader = new Database(file, { timeout: 0, readonly: true, fileMustExist: true })
  opened.push(reader)
  return reader
}

function numbers(database: SqliteDatabase): unknown[] {
  return database
    .prepare('SELECT n FROM t ORDER BY n')
    .all()
    .map((row) => (row as { n: unknown }).n)
}

function passSecond(): void {
  const now = performance.now()
  vi.spyOn(performance, 'now').mockReturnValue(now + 1_001)
}

test('readonlyEngine() leaves the index of a log that a killed process has left as it is', (context) => {
  if (readPidNamespace() !== 'pid:[4026531836]') context.skip('who has a file locked is not told here')
  write(2)
  const left = join(root, 'left')
  cpSync(directory, left, { recursive: true })
  const before = content(left)
  expect(Object.keys(before)).toContain('cache.db-shm')
  const reader = read(left)
  expect(numbers(reader)).toEqual([1, 2])
  reader.close()
  expect(content(left)).toEqual(before)
})

function readPidNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return undefined
  }
}

/** The bytes and the time of each file. */
function content(path: string): Record<string, string> {
  const describe = (name: string) =>
    `${statSync(join(path, name)).mtimeMs} ${readFileSync(join(path, name), 'hex')}`
  return Object.fromEntries(readdirSync(path).map((name) => [name, describe(name)]))
}

test('readonlyEngine() reads a database without a log, and makes no file beside it', () => {
  const reader = read()
  expect(numbers(reader)).toEqual([1])
  expect(readdirSync(directory)).toEqual(['cache.db'])
  expect(() => reader.exec('INSERT INTO t VALUES (2)')).toThrow(/readonly/)
  reader.exec('CREATE TEMP VIEW v AS SELECT n FROM main.t')
  expect(reader.prepare('SELECT n FROM v').all()).toEqual([{ n: 1 }])
  reader.close()
  expect(readdirSync(directory)).toEqual(['cache.db'])
  expect(numbers(write(2))).toEqual([1, 2])
})

test('readonlyEngine() leaves nothing in the directory for temporary files', () => {
  const temporary = join(root, 'temporary')
  mkdirSync(temporary)
  vi.stubEnv('TMPDIR', temporary)
  const reader = read()
  if (process.platform !== 'win32') expect(readdirSync(temporary)).toEqual([])
  expect(numbers(reader)).toEqual([1])
  reader.close()
  expect(readdirSync(temporary)).toEqual([])
})

test('readonlyEngine() reads where there is no directory for temporary files', () => {
  vi.stubEnv('TMPDIR', join(root, 'missing'))
  expect(numbers(read())).toEqual([1])
})

test('readonlyEngine() sees all that a killed writer has committed to its log, and changes nothing', () => {
  write(2)
  write(3)
  const copy = join(root, 'copy')
  mkdirSync(copy)
  for (const name of ['cache.db', 'cache.db-wal']) cpSync(join(directory, name), join(copy, name))
  const before = statSync(join(copy, 'cache.db-wal'), { bigint: true })
  const reader = read(copy)
  expect(numbers(reader)).toEqual([1, 2, 3])
  reader.close()
  expect(readdirSync(copy).sort()).toEqual(['cache.db', 'cache.db-wal'])
  expect(statSync(join(copy, 'cache.db-wal'), { bigint: true })).toMatchObject({
    size: before.size,
    mtimeNs: before.mtimeNs,
  })
})

test('readonlyEngine() joins a writer, and sees at once what it commits', () => {
  const writer = write(2)
  const reader = read()
  expect(numbers(reader)).toEqual([1, 2])
  writer.exec('INSERT INTO t VALUES (3)')
  expect(numbers(reader)).toEqual([1, 2, 3])
})

test('readonlyEngine() notices within a second that a writer has come, and prepares its statements anew', () => {
  const reader = read()
  reader.exec('PRAGMA cache_size = 17')
  const statement = reader.prepare('SELECT max(n) AS n FROM t').safeIntegers()
  expect(statement.get()).toEqual({ n: 1n })
  const writer = write(2)
  expect(statement.get()).toEqual({ n: 1n })
  passSecond()
  expect(statement.get()).toEqual({ n: 2n })
  writer.exec('INSERT INTO t VALUES (3)')
  expect(statement.get()).toEqual({ n: 3n })
  expect(reader.prepare('PRAGMA cache_size').get()).toEqual({ cache_size: 17 })
})

test('readonlyEngine() notices that a writer has come and gone, and that another database stands there', () => {
  const reader = read()
  write(2).close()
  passSecond()
  expect(numbers(reader)).toEqual([1, 2])
  expect(readdirSync(directory)).toEqual(['cache.db'])
  const other = join(root, 'other')
  renameSync(directory, other)
  mkdirSync(directory)
  write(9).close()
  passSecond()
  expect(numbers(reader)).toEqual([9])
})

test('readonlyEngine() opens nothing else inside a transaction', () => {
  const reader = read()
  reader.prepare('BEGIN').run()
  expect(numbers(reader)).toEqual([1])
  write(2)
  passSecond()
  expect(numbers(reader)).toEqual([1])
  reader.prepare('COMMIT').run()
  expect(numbers(reader)).toEqual([1, 2])
})

test('readonlyEngine() throws where there is no database, or what stands there is none', () => {
  const { Database } = readonlyEngine(TEST_ENGINE)
  const open = (name: string) =>
    new Database(join(root, name, 'cache.db'), { timeout: 0, readonly: true, fileMustExist: true })
  mkdirSync(join(root, 'empty'))
  expect(() => open('empty')).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' }))
  mkdirSync(join(root, 'text'))
  writeFileSync(join(root, 'text', 'cache.db'), 'a text '.repeat(1_000))
  expect(() => open('text').prepare('SELECT 1 FROM sqlite_schema').get()).toThrow(/not a database/)
  mkdirSync(join(root, 'link'))
  symlinkSync(join(directory, 'cache.db'), join(root, 'link', 'cache.db'))
  expect(() => open('link')).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' }))
})

test('readonlyEngine() copies of a log what belongs to it, and no more', () => {
  const { Database } = readonlyEngine(TEST_ENGINE)
  const path = join(root, 'hollow')
  mkdirSync(path)
  copyFileSync(join(directory, 'cache.db'), join(path, 'cache.db'))
  // All of it holes, which would fill the directory of temporary files.
  writeFileSync(join(path, 'cache.db-wal'), '')
  truncateSync(join(path, 'cache.db-wal'), 2 ** 40)
  const database = new Database(join(path, 'cache.db'), { timeout: 0, readonly: true, fileMustExist: true })
  expect(database.prepare('SELECT 1 FROM sqlite_schema').get()).toBeDefined()
  database.close()
})

test('readonlyEngine() leaves the locks of a writer in the same process', () => {
  const writer = write(2)
  // Without an index nobody can join the writer, so that the files are read, and their descriptors closed.
  renameSync(join(directory, 'cache.db-shm'), join(root, 'index'))
  const reader = read()
  expect(numbers(reader)).toEqual([1, 2])
  renameSync(join(root, 'index'), join(directory, 'cache.db-shm'))
  reader.close()
  if (process.platform === 'linux') expect(locksOn(join(directory, 'cache.db'))).toBeGreaterThan(0)
  writer.close()
})

function locksOn(file: string): number {
  const { ino } = statSync(file)
  return readFileSync('/proc/locks', 'utf8')
    .split('\n')
    .filter((line) => line.includes(`:${ino} `)).length
}

test('a database that is only read is looked at anew when another clock has begun, as with fake timers', () => {
  const now = performance.now()
  const clock = vi.spyOn(performance, 'now').mockReturnValue(now + 60_000)
  const reader = read()
  expect(numbers(reader)).toEqual([1])
  write(2).close()
  clock.mockReturnValue(0)
  expect(numbers(reader)).toEqual([1, 2])
})
