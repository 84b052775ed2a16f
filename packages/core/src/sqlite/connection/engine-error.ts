import { join } from 'node:path'
import { DiskCacheError, type DiskCacheErrorCode } from '../../contract/errors.ts'
import { saysFull, stateOf } from '../../contract/file-error.ts'
import { fileSizeLimit } from '../system/file-size-limit.ts'
import { probeWriting } from '../system/writing-probe.ts'

const LOCKS_FAIL = 'the file system failed to lock it; a cache needs a local disk with working locks'

const CODES: readonly [prefix: string, code: DiskCacheErrorCode, state: string][] = [
  ['SQLITE_BUSY', 'ERR_DISKCACHE_TIMEOUT', 'the database is locked by another process'],
  ['SQLITE_FULL', 'ERR_DISKCACHE_FULL', 'the disk is full'],
  ['SQLITE_IOERR_SHMSIZE', 'ERR_DISKCACHE_FULL', 'the disk is full'],
  ['SQLITE_CORRUPT', 'ERR_DISKCACHE_CORRUPT', 'the database is damaged'],
  ['SQLITE_NOTADB', 'ERR_DISKCACHE_CORRUPT', 'cache.db is not a SQLite database'],
  ['SQLITE_READONLY', 'ERR_DISKCACHE_READONLY', 'the database is read-only'],
  // SQLite has tried for ten seconds when it says so: to try again would block the event loop as long.
  ['SQLITE_PROTOCOL', 'ERR_DISKCACHE_IO', LOCKS_FAIL],
  ['SQLITE_IOERR_NOMEM', 'ERR_DISKCACHE_ENGINE', 'there is not enough memory'],
  ['SQLITE_IOERR_LOCK', 'ERR_DISKCACHE_IO', LOCKS_FAIL],
  ['SQLITE_IOERR_RDLOCK', 'ERR_DISKCACHE_IO', LOCKS_FAIL],
  ['SQLITE_IOERR_SHMLOCK', 'ERR_DISKCACHE_IO', LOCKS_FAIL],
  ['SQLITE_IOERR_SHORT_READ', 'ERR_DISKCACHE_CORRUPT', 'a file of it is shorter than it should be'],
  ['SQLITE_IOERR_READ', 'ERR_DISKCACHE_IO', 'the disk failed to read'],
  ['SQLITE_IOERR', 'ERR_DISKCACHE_IO', 'a file of it could not be read or written'],
  ['SQLITE_CANTOPEN', 'ERR_DISKCACHE_IO', 'a file of it cannot be opened'],
  ['SQLITE_PERM', 'ERR_DISKCACHE_IO', 'the operating system does not permit it'],
  ['SQLITE_', 'ERR_DISKCACHE_ENGINE', 'SQLite failed'],
]

/**
 * The failures of SQLite that may mean a full disk, a used up quota or a limited file: SQLite itself tells only
 * `ENOSPC` on a plain write.
 */
const MAY_BE_FULL = /^SQLITE_(CANTOPEN|IOERR_(WRITE|FSYNC|DIR_FSYNC|TRUNCATE|SHMSIZE|SHMOPEN|SHMMAP))/

/** Which database a failure is about. */
export interface FailedDatabase {
  /** The directory of the cache. */
  readonly store: string
  /** Whether it is only read, so that nothing may be written there to find out more. */
  readonly readonly: boolean
}

/** What says that another process uses the database; the last one, that it has just removed a file that was to go. */
const BUSY = /^SQLITE_(BUSY|LOCKED|IOERR_DELETE_NOENT)/

/** Returns whether the error only says that another process uses the database, so that trying again will help. */
export function isBusy(error: unknown): boolean {
  return BUSY.test(sqliteCode(error) ?? '')
}

/** Returns SQLite's error as a `DiskCacheError` that has it as `cause`, and any other error as it is. */
export function engineError(error: unknown, { store, readonly }: FailedDatabase): unknown {
  const sqlite = sqliteCode(error)
  const row = CODES.find(([prefix]) => sqlite?.startsWith(prefix))
  if (sqlite === undefined || row === undefined) return error
  const reason = readonly || !MAY_BE_FULL.test(sqlite) ? undefined : probeWriting(store)
  const isFull = saysFull(reason) || (sqlite === 'SQLITE_IOERR_WRITE' && fileSizeLimit() < Infinity)
  const code = isFull ? 'ERR_DISKCACHE_FULL' : row[1]
  const state = reason === undefined ? row[2] : stateOf(reason)
  const path = join(store, 'cache.db')
  const message = `Cannot use the database ${path}: ${state} (${sqlite}: ${(error as Error).message})`
  return new DiskCacheError(code, message, { cause: error, path })
}

function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'SqliteError') return undefined
  return (error as Error & { code: string }).code
}
