import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The part of better-sqlite3 that is used here; the copy is the one that `@diskcache/cache` has. */
interface RawDatabase {
  exec(sql: string): void
  unsafeMode(): void
  close(): void
}

const cache = createRequire(createRequire(import.meta.url).resolve('@diskcache/cache'))

/** Where a process of its own finds better-sqlite3. */
export const BETTER_SQLITE3 = cache.resolve('better-sqlite3')

const Database: new (file: string) => RawDatabase = cache('better-sqlite3')

/** Runs SQL on the database of a directory behind the cache's back. */
export function craft(directory: string, sql: string): void {
  const database = new Database(join(directory, 'cache.db'))
  try {
    // The schema, too.
    database.unsafeMode()
    database.exec(sql)
  } finally {
    database.close()
  }
}
