import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { refuseLargeSchema } from './schema-size.ts'
import { DESCRIPTORS } from './shared-descriptor.ts'

const PAGE_SIZE = 2_048

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
})

afterEach(() => rmSync(directory, { recursive: true }))

/** Makes a database, by functions on one whose schema may be written. */
function make(fill: (database: Database.Database) => void): string {
  const file = join(directory, 'cache.db')
  const database = new Database(file)
  database.unsafeMode()
  database.pragma(`page_size = ${PAGE_SIZE}`)
  database.exec('CREATE TABLE first (value BLOB); CREATE INDEX second ON first (value)')
  database.pragma('writable_schema = ON')
  fill(database)
  database.close()
  return file
}

/** Adds so many tables, all on one page, each with a statement that is so much longer. */
function addTables(database: Database.Database, count: number, more = 0): void {
  database
    .prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO sqlite_schema
       SELECT 'table', 'node_' || i, 'node_' || i, 2, 'CREATE TABLE node_' || i || ' (a) --' || printf('%.*c', ?, 'x') FROM n`,
    )
    .run(count, more)
}

function addData(database: Database.Database): void {
  const insert = database.prepare('INSERT INTO first VALUES (randomblob(5000))')
  for (let row = 0; row < 60; row++) insert.run()
}

const LARGE: Readonly<Record<string, (database: Database.Database) => void>> = {
  '60,000 tables': (database) => addTables(database, 60_000),
  '102 tables, among data': (database) => {
    addData(database)
    addTables(database, 102)
  },
  'a table whose statement has 300 kB': (database) => addTables(database, 1, 300_000),
  'twenty tables with 15 kB each': (database) => addTables(database, 20, 15_000),
}

for (const [what, fill] of Object.entries(LARGE))
  test(`refuseLargeSchema() refuses ${what}`, () => {
    const file = make(fill)
    expect(() => refuseLargeSchema(file)).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_FORMAT' }) as Error,
    )
  })

const SMALL: Readonly<Record<string, (database: Database.Database) => void>> = {
  'a few tables': () => {},
  'a few tables, and data': addData,
  '98 tables, and data': (database) => {
    addTables(database, 98)
    addData(database)
  },
  'statements of 200 kB, and data': (database) => {
    addTables(database, 10, 20_000)
    addData(database)
  },
}

for (const [what, fill] of Object.entries(SMALL))
  test(`refuseLargeSchema() takes ${what}`, () => {
    refuseLargeSchema(make(fill))
  })

test('refuseLargeSchema() leaves each flipped byte of the schema of a cache to those who mend it', () => {
  const file = make(addData)
  const bytes = readFileSync(file)
  for (let at = 16; at < PAGE_SIZE; at++)
    for (const mask of [1, 128, 255]) {
      bytes[at] = (bytes[at] as number) ^ mask
      rmSync(file)
      writeFileSync(file, bytes)
      refuseLargeSchema(file)
      bytes[at] = (bytes[at] as number) ^ mask
    }
})

test('refuseLargeSchema() keeps no descriptor of what this process has open', () => {
  const file = make(addData)
  const descriptor = openSync(file, 'r')
  const before = readdirSync(DESCRIPTORS).length
  for (let look = 0; look < 10; look++) refuseLargeSchema(file)
  expect(readdirSync(DESCRIPTORS).length).toBe(before)
  closeSync(descriptor)
})
