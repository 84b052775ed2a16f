import { closeSync } from 'node:fs'
import { join } from 'node:path'
import { fileError } from '../../contract/file-error.ts'
import { refuseHollow, regularStatus } from '../system/regular-file.ts'
import { noCacheError, type PrivateDirectoryOptions, privateDirectory } from './private-directory.ts'
import { createFile, sharedMode } from './shared-mode.ts'

/** What SQLite keeps beside a database. It opens a journal that it finds, and waits for the other end of a pipe. */
const COMPANIONS = ['-journal', '-wal', '-shm']

/**
 * Makes the directory and an empty database file, private to this user or to those who share it, and returns the
 * directory's real path.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT where the database, or what belongs to it, is a link or no file, and as
 * {@link privateDirectory} does
 */
export function prepareDirectory(directory: string | undefined, options: PrivateDirectoryOptions): string {
  const { readonly } = options
  const path = privateDirectory(directory, options)
  const file = join(path, 'cache.db')
  // A file that is there may not be opened beside SQLite: closing it would drop all locks of this process on it.
  const status = regularStatus(file)
  if (status === undefined && readonly) throw noCacheError(path)
  if (status === undefined) createDatabase(file, sharedMode(path))
  else refuseHollow(file, status)
  for (const name of COMPANIONS) regularStatus(file + name)
  return path
}

/** Makes the file of the database; what SQLite makes beside it has the same permissions. */
function createDatabase(file: string, mode: number | undefined): void {
  try {
    closeSync(createFile(file, mode))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError(error, 'make', file)
  }
}
