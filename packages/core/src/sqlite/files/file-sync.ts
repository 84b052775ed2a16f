import { closeSync, fsyncSync, openSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { fileError } from '../../contract/file-error.ts'

/**
 * What is answered for a directory that cannot be synced here: its file system does not know how, or this user may not
 * read it. SQLite lets that pass, too.
 */
const UNABLE: ReadonlySet<string> = new Set([
  'EINVAL',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EBADF',
  'EACCES',
  'EPERM',
])

/** Windows has no way to sync a directory. */
const SYNCS_DIRECTORIES = process.platform !== 'win32'

/** Waits until the names in a directory are on the disk, so that they survive a power failure. */
export function syncDirectory(path: string): void {
  if (!SYNCS_DIRECTORIES) return
  try {
    const descriptor = openSync(path, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    if (!isUnable(error)) throw fileError(error, 'sync', path)
  }
}

/** Does the same as {@link syncDirectory} without blocking the event loop. */
export async function syncDirectoryAsync(path: string): Promise<void> {
  if (!SYNCS_DIRECTORIES) return
  try {
    const handle = await open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (!isUnable(error)) throw fileError(error, 'sync', path)
  }
}

function isUnable(error: unknown): boolean {
  return UNABLE.has((error as NodeJS.ErrnoException).code as string)
}
