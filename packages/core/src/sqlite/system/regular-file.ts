import { type BigIntStats, closeSync, constants, lstatSync, openSync, readSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { DiskCacheError } from '../../contract/errors.ts'
import { withFileErrors } from '../../contract/file-error.ts'

/** The flags of a file that others may have put there: not through a link, and without waiting for the other end of a pipe. Windows has neither. */
const CAREFUL = ((constants.O_NOFOLLOW as number | undefined) ?? 0) | (constants.O_NONBLOCK ?? 0)

/** The flags for reading what others may have put there. */
export const READ_FLAGS = constants.O_RDONLY | CAREFUL

/** The flags for changing it. */
export const CHANGE_FLAGS = constants.O_RDWR | CAREFUL

/** Returns the status of what stands at a path, of a link its own; `undefined` when there is nothing. */
export function statusAt(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false })
  } catch (error) {
    // Something else stands in the place of the directory.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  }
}

/**
 * Returns the status of a file, `undefined` when there is none. Nothing is opened.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT where a link, a directory, a pipe or a device stands in its place
 */
export function regularStatus(path: string): BigIntStats | undefined {
  const status = withFileErrors('open', path, () => statusAt(path))
  if (status === undefined || status.isFile()) return status
  const message = `Cannot open ${dirname(path)}: its ${basename(path)} is a link or no file at all`
  throw new DiskCacheError('ERR_DISKCACHE_FORMAT', message)
}

/** The least size at which holes count, in bytes, and how many times larger than its blocks a file may be then. */
const SMALL = 64 * 2 ** 20
const MOST_TIMES = 64

/** The bytes of a block, as the status of a file counts them. */
const BLOCK = 512

/**
 * Throws for a database that is next to nothing on the disk, and claims to be large: what goes through its pages would
 * take hours. SQLite writes no such file, and no file system compresses so well.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT
 */
export function refuseHollow(path: string, { size, blocks }: BigIntStats): void {
  if (Number(size) <= Math.max(SMALL, Number(blocks) * BLOCK * MOST_TIMES)) return
  const message = `Cannot open ${dirname(path)}: its ${basename(path)} has ${size} bytes, nearly all of which are holes`
  throw new DiskCacheError('ERR_DISKCACHE_FORMAT', message)
}

/**
 * Returns the first `most` bytes of a file as text, `undefined` when there is none.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT where a link or no file stands in its place, ERR_DISKCACHE_IO
 */
export function readBeginning(path: string, most: number): string | undefined {
  if (regularStatus(path) === undefined) return undefined
  return withFileErrors('read', path, () => {
    const descriptor = openSync(path, READ_FLAGS)
    try {
      const bytes = Buffer.alloc(most)
      return bytes.toString('utf8', 0, readSync(descriptor, bytes))
    } finally {
      closeSync(descriptor)
    }
  })
}
