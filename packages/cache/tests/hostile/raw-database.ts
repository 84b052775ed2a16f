import { createRequire } from 'node:module'
import { join } from 'node:path'
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
    body(database)
  } finally {
    database.close()
  }
}

/** A cache with a few entries, closed, that Python has opened, too: rows without a checksum are read. */
export function makeCache(directory: string): void {
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
