import { closeSync, lstatSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DiskCacheError } from '../../contract/errors.ts'
import { fileError, withFileErrors } from '../../contract/file-error.ts'
import { noCacheError, type PrivateDirectoryOptions, privateDirectory } from './private-directory.ts'

/** Makes the directory and an empty database file, private to this user, and returns the directory's real path. */
export function prepareDirectory(directory: string | undefined, options: PrivateDirectoryOptions): string {
  const { readonly } = options
  const path = privateDirectory(directory, options)
  const file = join(path, 'cache.db')
  // A file that is there may not be opened beside SQLite: closing it would drop all locks of this process on it.
  const status = withFileErrors('open', file, () => lstatSync(file, { throwIfNoEntry: false }))
  if (status === undefined && readonly) throw noCacheError(path)
  if (status === undefined) createPrivateFile(file)
  if (status?.isFile() === false) {
    throw new DiskCacheError(
      'ERR_DISKCACHE_FORMAT',
      `Cannot open ${path}: its cache.db is a link or no file at all`,
    )
  }
  return path
}

function createPrivateFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError(error, 'make', file)
  }
}
