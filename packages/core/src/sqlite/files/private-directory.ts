import { mkdirSync, mkdtempSync, realpathSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { DiskCacheError } from '../../contract/errors.ts'
import { withFileErrors } from '../../contract/file-error.ts'
import { syncDirectory } from './file-sync.ts'
import { shareDirectory } from './shared-mode.ts'

/**
 * The longest path of a directory that SQLite opens a database in, in bytes: it takes 504 for the database itself.
 * Windows has another limit, which Node keeps.
 */
const MAX_PATH_BYTES = process.platform === 'win32' ? Infinity : 504 - Buffer.byteLength('/cache.db')

/** How a directory is prepared. */
export interface PrivateDirectoryOptions {
  /** Whether the directory is only read: then it must be there. */
  readonly readonly: boolean
  /** Whether a directory that is made survives a power failure. */
  readonly isDurable: boolean
  /** The permissions of a directory that is made, 0o700 unless given. */
  readonly mode?: number | undefined
}

/**
 * Makes a directory that only this user may enter, or those whom `mode` lets, where it is not there yet, or a new temporary one; returns its real path.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT with `readonly`, when it is not there; ERR_DISKCACHE_IO when it cannot be
 * made or entered, or has a path that is too long for SQLite; ERR_DISKCACHE_FULL
 */
export function privateDirectory(
  directory: string | undefined,
  { readonly, isDurable, mode }: PrivateDirectoryOptions,
): string {
  const path = directory === undefined ? temporaryDirectory() : resolve(directory)
  if (!exists(path)) {
    if (readonly) throw noCacheError(path)
    makeDirectory(path, isDurable, mode)
  }
  const real = withFileErrors('open', path, () => realpathSync(path))
  checkLength(real)
  return real
}

/** Returns the error for a directory that can only be read, and in which there is nothing to read. */
export function noCacheError(path: string): DiskCacheError {
  return new DiskCacheError('ERR_DISKCACHE_FORMAT', `Cannot open ${path} with readonly: it holds no cache`)
}

function temporaryDirectory(): string {
  const prefix = join(tmpdir(), 'diskcache-')
  return withFileErrors('make', prefix, () => mkdtempSync(prefix))
}

function exists(path: string): boolean {
  return withFileErrors('open', path, () => statSync(path, { throwIfNoEntry: false })) !== undefined
}

function makeDirectory(path: string, isDurable: boolean, mode: number | undefined): void {
  // Made first and refused afterwards, it would stay behind.
  checkLength(path)
  const first = withFileErrors('make', path, () => mkdirSync(path, { recursive: true, mode: 0o700 }))
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) {
    shareDirectory(made, mode)
    if (isDurable) syncDirectory(dirname(made))
  }
}

function checkLength(path: string): void {
  const bytes = Buffer.byteLength(path)
  if (bytes <= MAX_PATH_BYTES) return
  const message = `Cannot open ${path}: its path has ${bytes} bytes, and SQLite takes at most ${MAX_PATH_BYTES} for the directory of a cache; use a shorter one`
  throw new DiskCacheError('ERR_DISKCACHE_IO', message, { path })
}
