import { chmodSync, closeSync, fchmodSync, openSync, statSync } from 'node:fs'
import { withFileErrors } from '../../contract/file-error.ts'

/** The bits by which a directory tells that a group shares it: what is made in it goes to its group, who may write. */
const SET_GROUP = 0o2000
const SHARED = SET_GROUP | 0o020

/** The bits that a file may have. */
const FILE = 0o666

/**
 * Returns the permissions of a directory that a group shares, and `undefined` for any other: then everything in it is
 * for its owner alone.
 */
export function sharedMode(directory: string): number | undefined {
  const { mode } = withFileErrors('open', directory, () => statSync(directory))
  return isShared(mode) ? mode & 0o777 : undefined
}

/** Returns whether a directory with these bits is shared by a group. */
export function isShared(mode: number): boolean {
  return (mode & SHARED) === SHARED
}

/** Opens a new directory to those who share it, whatever the umask of this process is. */
export function shareDirectory(directory: string, mode: number | undefined): void {
  if (mode !== undefined)
    withFileErrors('make', directory, () => chmodSync(directory, (mode & 0o020 ? SET_GROUP : 0) | mode))
}

/** Makes a file that must not be there yet, for its owner and those who share its directory, and returns a descriptor for writing. */
export function createFile(path: string, mode: number | undefined): number {
  const descriptor = openSync(path, 'wx', 0o600)
  try {
    shareFile(descriptor, mode)
    return descriptor
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** Opens a new file to those who share its directory. */
export function shareFile(descriptor: number, mode: number | undefined): void {
  if (mode !== undefined) fchmodSync(descriptor, mode & FILE)
}
