import { dirname } from 'node:path'
import { DiskCacheError } from '../../contract/errors.ts'
import type { Engine, SqliteDatabase } from '../connection/engine.ts'
import { noCacheError } from '../files/private-directory.ts'
import { isUnlocked } from '../system/file-locks.ts'
import { areSameFiles, areUnchanged, type DatabaseFiles, lookAt } from './database-files.ts'
import { openCopy } from './private-copy.ts'

/** The number of copies that are begun while somebody writes, before that is an error. */
const MAX_ATTEMPTS = 20

/** A database that was opened for reading, with what tells that it is out of date. */
export interface OpenedSource {
  readonly database: SqliteDatabase
  /** Returns whether the directory holds something else by now. */
  isStale(): boolean
  /** Closes the database. */
  close(): void
}

/**
 * Opens a database for reading, and makes no file beside it: together with those that write, when there are some, and
 * a copy otherwise. SQLite itself cannot read without an index of the log beside the database, and without a log it
 * makes both.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT when there is no database, ERR_DISKCACHE_IO, ERR_DISKCACHE_FULL,
 * ERR_DISKCACHE_TIMEOUT when others write without pause and cannot be joined
 */
export function openSource(file: string, Database: Engine['Database']): OpenedSource {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const files = lookAt(file)
    if (files.database === undefined) throw noCacheError(dirname(file))
    const opened =
      copyUnused(file, files, Database) ?? joinWriters(file, files, Database) ?? copy(file, Database)
    if (opened !== undefined) return opened
  }
  const message = `Cannot open ${file} with readonly: other processes write to it without pause, and this user may not join them`
  throw new DiskCacheError('ERR_DISKCACHE_TIMEOUT', message)
}

/**
 * Opens a copy where a log and its index were left behind by a process that was killed: SQLite would make the index anew,
 * in the directory. `undefined` where somebody has it open, that is not told, or there is no room for a copy.
 */
function copyUnused(
  file: string,
  { index }: DatabaseFiles,
  Database: Engine['Database'],
): OpenedSource | undefined {
  if (index === undefined || isUnlocked(index) !== true) return undefined
  try {
    return copy(file, Database)
  } catch {
    return undefined
  }
}

/** Opens the database beside those that write, where there is a log with an index; `undefined` where that fails. */
function joinWriters(
  file: string,
  files: DatabaseFiles,
  Database: Engine['Database'],
): OpenedSource | undefined {
  if (files.log === undefined || files.index === undefined) return undefined
  let database: SqliteDatabase | undefined
  try {
    database = new Database(file, { timeout: 0, readonly: true, fileMustExist: true })
    // Only a statement makes SQLite open the log.
    database.prepare('SELECT 1 FROM sqlite_schema').get()
  } catch (error) {
    if (database !== undefined && isPassing(error)) return joined(file, files, database)
    database?.close()
    return undefined
  }
  return joined(file, files, database)
}

function joined(file: string, files: DatabaseFiles, database: SqliteDatabase): OpenedSource {
  return {
    database,
    isStale: () => !areSameFiles(files, lookAt(file)),
    close: () => database.close(),
  }
}

function copy(file: string, Database: Engine['Database']): OpenedSource | undefined {
  const opened = openCopy(file, Database)
  if (opened === undefined) return undefined
  const { database, files, remove } = opened
  return {
    database,
    isStale: () => !areUnchanged(files, lookAt(file)),
    close: () => {
      database.close()
      remove()
    },
  }
}

/** Returns whether the first statement failed for a reason that a copy would not mend: a lock, or damage. */
function isPassing(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED|CORRUPT|NOTADB)/.test(String((error as { code?: unknown }).code))
}
