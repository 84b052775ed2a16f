import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os'
import Database from 'better-sqlite3'

const GIBIBYTE = 2 ** 30

/** What the figures depend on, in one line. */
export function environment(): string {
  const cores = availableParallelism()
  const model = cpus()[0]?.model.trim() ?? 'of an unknown kind'
  const memory = Math.round(totalmem() / GIBIBYTE)
  return `Node ${process.versions.node}, SQLite ${sqliteVersion()}, ${platform()} ${arch()}, ${cores} cores (${model}), ${memory} GiB of memory`
}

function sqliteVersion(): string {
  const database = new Database(':memory:')
  try {
    return database.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? 'unknown'
  } finally {
    database.close()
  }
}
