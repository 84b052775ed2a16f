import { arch, availableParallelism, platform } from 'node:os'
import Database from 'better-sqlite3'

/** What the figures depend on, in one line. */
export function environment(): string {
  const cores = availableParallelism()
  return `Node ${process.versions.node}, SQLite ${sqliteVersion()}, ${platform()} ${arch()}, ${cores} cores`
}

function sqliteVersion(): string {
  const database = new Database(':memory:')
  try {
    return database.prepare<[], string>('SELECT sqlite_version()').pluck().get()!
  } finally {
    database.close()
  }
}
