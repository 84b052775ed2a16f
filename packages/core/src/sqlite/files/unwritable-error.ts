import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { DiskCacheError, hasCode } from '../../contract/errors.ts'

/** Returns the error of an opening that may have failed because nothing may be written here, with the way out. */
export function explainUnwritable(error: unknown, path: string): unknown {
  const isReadonly = hasCode(error, 'ERR_DISKCACHE_READONLY')
  if (!isReadonly && !hasCode(error, 'ERR_DISKCACHE_IO')) return error
  const { cause } = error as Error
  const denied = [path, ...databaseFiles(path)].find((file) => !mayWrite(file))
  if (denied !== undefined) return unwritableError(path, denied, cause)
  if (!isReadonly) return error
  const message = `Cannot open ${path}: for a moment its database could be opened for reading only; try again`
  return new DiskCacheError('ERR_DISKCACHE_IO', message, { cause, path })
}

/**
 * Refuses a database that this user may not write to, before SQLite makes files beside it, which would be this user's, so
 * that whose database it is could not write any more.
 *
 * @throws DiskCacheError ERR_DISKCACHE_READONLY
 */
export function refuseUnwritable(path: string): void {
  const denied = databaseFiles(path).find((file) => !mayWrite(file))
  if (denied !== undefined) throw unwritableError(path, denied)
}

function unwritableError(path: string, denied: string, cause?: unknown): DiskCacheError {
  const message = `Cannot open ${path} for writing: this user may not write to ${denied}; the option readonly opens it for reading`
  return new DiskCacheError('ERR_DISKCACHE_READONLY', message, {
    ...(cause === undefined ? {} : { cause }),
    path: denied,
  })
}

function databaseFiles(path: string): string[] {
  return ['cache.db', 'cache.db-wal', 'cache.db-shm'].map((name) => join(path, name))
}

/** Returns whether this user may write to a file or directory, or there is none. */
function mayWrite(file: string): boolean {
  try {
    accessSync(file, constants.W_OK)
    return true
  } catch (error) {
    return !['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code as string)
  }
}
