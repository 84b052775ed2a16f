import { existsSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DiskCacheError } from '../../contract/errors.ts'

/**
 * Makes a directory that only this user may enter, where it is not there yet, or a new temporary one; returns its real path.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT with `readonly`, when it is not there
 */
export function privateDirectory(directory: string | undefined, readonly: boolean): string {
  const path = directory === undefined ? mkdtempSync(join(tmpdir(), 'diskcache-')) : resolve(directory)
  if (!readonly) mkdirSync(path, { recursive: true, mode: 0o700 })
  else if (!existsSync(path)) throw noCacheError(path)
  return realpathSync(path)
}

/** Returns the error for a directory that can only be read, and in which there is nothing to read. */
export function noCacheError(path: string): DiskCacheError {
  return new DiskCacheError('ERR_DISKCACHE_FORMAT', `Cannot open ${path} with readonly: it holds no cache`)
}
