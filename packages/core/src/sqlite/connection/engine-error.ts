import { DiskCacheError, type DiskCacheErrorCode } from '../../contract/errors.ts'
import { fileSizeLimit } from './file-size-limit.ts'

const CODES: readonly [prefix: string, code: DiskCacheErrorCode, state: string][] = [
  ['SQLITE_BUSY', 'ERR_DISKCACHE_TIMEOUT', 'the database is locked by another process'],
  ['SQLITE_FULL', 'ERR_DISKCACHE_FULL', 'the disk is full'],
  ['SQLITE_IOERR_SHMSIZE', 'ERR_DISKCACHE_FULL', 'the disk is full'],
  ['SQLITE_CORRUPT', 'ERR_DISKCACHE_CORRUPT', 'the database is damaged'],
  ['SQLITE_NOTADB', 'ERR_DISKCACHE_CORRUPT', 'cache.db is not a SQLite database'],
  ['SQLITE_READONLY', 'ERR_DISKCACHE_READONLY', 'the database is read-only'],
  ['SQLITE_', 'ERR_DISKCACHE_ENGINE', 'SQLite failed'],
]

/** Returns whether the error only says that another process uses the database, so that trying again will help. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error)
  return (
    code?.startsWith('SQLITE_BUSY') === true ||
    code?.startsWith('SQLITE_LOCKED') === true ||
    code === 'SQLITE_PROTOCOL'
  )
}

/** Returns SQLite's error as a `DiskCacheError` that has it as `cause`, and any other error as it is. */
export function engineError(error: unknown): unknown {
  const code = sqliteCode(error)
  // SQLite has one code for a disk that fails and for a file that may not grow any more.
  const sqlite = code === 'SQLITE_IOERR_WRITE' && fileSizeLimit() < Infinity ? 'SQLITE_FULL' : code
  const row = CODES.find(([prefix]) => sqlite?.startsWith(prefix))
  if (row === undefined) return error
  const [, ourCode, state] = row
  return new DiskCacheError(ourCode, `Cannot use the database: ${state} (${(error as Error).message})`, {
    cause: error,
  })
}

function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'SqliteError') return undefined
  return (error as Error & { code: string }).code
}
