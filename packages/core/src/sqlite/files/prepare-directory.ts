import { closeSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { DiskCacheError } from '../../contract/errors.ts'
import { fileError, withFileErrors } from '../../contract/file-error.ts'
import { noCacheError, type PrivateDirectoryOptions, privateDirectory } from './private-directory.ts'
import { createFile, sharedMode } from './shared-mode.ts'

/** Makes the directory and an empty database file, private to this user or to those who share it, and returns the directory's real path. */
export function prepareDirectory(directory: string | undefined, options: PrivateDirectoryOptions): string {
  const { readonly } = options
  const path = privateDirectory(directory, options)
  const file = join(path, 'cache.db')
  // A file that is there may not be opened beside SQLite: closing it would drop all locks of this process on it.
  const status = withFileErrors('open', file, () => lstatSync(file, { throwIfNoEntry: false }))
  if (status === undefined && readonly) throw noCacheError(path)
  if (status === undefined) createDatabase(file, sharedMode(path))
  if (status?.isFile() === false) {
    throw new DiskCacheError(
      'ERR_DISKCACHE_FORMAT',
      `Cannot open ${path}: its cache.db is a link or no file at all`,
    )
  }
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
