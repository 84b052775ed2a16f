import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { Cache } from '@diskcache/cache'

/** The part of better-sqlite3 that is used here; the copy is the one that `@diskcache/cache` has. */
export interface RawDatabase {
  exec(sql: string): void
  pragma(sql: string): unknown
  prepare(sql: string): { run(...parameters: unknown[]): void; all(...parameters: unknown[]): unknown[] }
  unsafeMode(): void
  close(): void
}

const cache = createRequire(createRequire(import.meta.url).resolve('@diskcache/cache'))

export const BETTER_SQLITE3 = cache.resolve('better-sqlite3/package.json').replace('/package.json', '')

const Database: new (file: string) => RawDatabase = cache('better-sqlite3')

/** Works on the database of a directory behind the cache's back. */
export function craft(directory: string, body: (database: RawDatabase) => void): void {
  const database = new Database(join(directory, 'cache.db'))
  try {
    // As an attacker could with an editor: sqlite_schema and all.
    database.unsafeMode()
    database.pragma('writable_schema = ON')
    database.pragma('synchronous = OFF')
    body(database)
  } finally {
    database.close()
  }
}

/** The files of the cache of which all others are copies, which takes much less time than to make each. */
let template: ReadonlyMap<string, Uint8Array> | undefined

/** A cache with a few entries, closed, that Python has opened, too: rows without a checksum are read. */
export function makeCache(directory: string): void {
  template ??= makeTemplate()
  for (const [name, bytes] of template) {
    const file = join(directory, name)
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, bytes, { mode: 0o600 })
  }
}

function makeTemplate(): ReadonlyMap<string, Uint8Array> {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-template-'))
  try {
    fillCache(directory)
    const found = readdirSync(directory, { recursive: true, withFileTypes: true })
    const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    return new Map(files.map((file) => [relative(directory, file), readFileSync(file)]))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function fillCache(directory: string): void {
  using cache = new Cache(directory)
  storeSetting(directory, 'disk_pickle_protocol', 5n)
  cache.transact(() => {
    cache.set('text', 'value')
    cache.set('object', { a: [1, 'two', new Map([[3, true]])] }, { tag: 'tag' })
    cache.set('file', 'x'.repeat(40_000), { ttl: 3_600_000 })
    cache.set(['array', 1], Buffer.from('bytes'))
    cache.push('item')
  })
}

/** What a row has beside its key; the rest is as in an ordinary row. */
export interface RawRow {
  readonly key?: unknown
  readonly raw?: unknown
  readonly mode?: unknown
  readonly filename?: unknown
  readonly size?: unknown
  readonly value?: unknown
  readonly expireTime?: unknown
  readonly tag?: unknown
}

/** Adds a row with any columns. */
export function insertRow(directory: string, row: RawRow): void {
  const { key = 'key', raw = 1n, mode = 1n, filename = null, size = 0n } = row
  const { value = null, expireTime = null, tag = null } = row
  craft(directory, (database) => {
    database
      .prepare(
        `INSERT INTO Cache (key, raw, store_time, expire_time, access_time, tag, size, mode, filename, value)
        VALUES (?, ?, 1, ?, 1, ?, ?, ?, ?, ?)`,
      )
      .run(key, raw, expireTime, tag, size, mode, filename, value)
  })
}

export function storeSetting(directory: string, key: string, value: unknown): void {
  craft(directory, (database) => {
    database.prepare('INSERT OR REPLACE INTO Settings (key, value) VALUES (?, ?)').run(key, value)
  })
}
