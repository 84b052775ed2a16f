import { constants } from 'node:os'
import { DiskCacheError } from './errors.ts'

/** What the operating system says when nothing more fits: on the disk, in the quota, or in a file of limited size. */
const FULL_CODES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** What the codes of the operating system mean, and the way out where there is one. */
const STATES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  EFBIG: 'the file would be larger than a file may be here',
  EMFILE: 'this process has too many files open; close some, or raise its limit ("ulimit -n")',
  ENFILE: 'this machine has too many files open',
  EACCES: 'this user has no permission',
  EPERM: 'the operating system does not permit it',
  EROFS: 'the file system is read-only; the option readonly opens what is there',
  EIO: 'the disk failed to read or write',
  ENAMETOOLONG: 'the path is longer than this file system takes',
  ENOTDIR: 'a part of the path is no directory',
  ELOOP: 'the path leads through too many links',
  ENOENT: 'it is not there',
}

/** Returns whether an error of the operating system says that nothing more fits. */
export function saysFull(error: unknown): boolean {
  return FULL_CODES.has(codeOf(error as NodeJS.ErrnoException | undefined) as string)
}

/** Returns what an error of the operating system means, with its code. */
export function stateOf(error: NodeJS.ErrnoException): string {
  const code = codeOf(error) as string
  const state = STATES[code]
  return state === undefined ? error.message : `${state} (${code})`
}

/**
 * Returns an error of the operating system as a `DiskCacheError` that has it as `cause`: `ERR_DISKCACHE_FULL`, or else
 * `ERR_DISKCACHE_IO`. Any other error is returned as it is. `action` completes "Cannot", as in `write`.
 */
export function fileError(error: unknown, action: string, path: string): unknown {
  if (!isSystemError(error)) return error
  const code = saysFull(error) ? 'ERR_DISKCACHE_FULL' : 'ERR_DISKCACHE_IO'
  return new DiskCacheError(code, `Cannot ${action} ${path}: ${stateOf(error)}`, { cause: error, path })
}

/** Runs `body`, which is about the file or directory `path`, and throws what it throws as {@link fileError} says. */
export function withFileErrors<T>(action: string, path: string, body: () => T): T {
  try {
    return body()
  } catch (error) {
    throw fileError(error, action, path)
  }
}

/** Returns the code of an error. Node has no name for that of a quota, and makes a sentence of its number. */
function codeOf(error: NodeJS.ErrnoException | undefined): string | undefined {
  const isQuota = error?.errno !== undefined && -error.errno === constants.errno.EDQUOT
  return isQuota ? 'EDQUOT' : error?.code
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string'
}
