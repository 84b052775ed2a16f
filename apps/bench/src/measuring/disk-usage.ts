import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What POSIX counts the size of a file in, whatever the file system does. */
const BLOCK = 512

/** Gives the bytes that a file, or a directory with all below it but `except`, takes on the disk, as `du` counts them. */
export function diskUsage(path: string, except = ''): number {
  const entry = lstatSync(path, { throwIfNoEntry: false })
  if (entry === undefined) return 0
  const own = entry.blocks * BLOCK
  if (!entry.isDirectory()) return own
  const names = readdirSync(path).filter((name) => name !== except)
  return names.reduce((sum, name) => sum + diskUsage(join(path, name), except), own)
}
