import { closeSync, constants, openSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { CHANGE_FLAGS } from './regular-file.ts'

/** As much as SQLite writes at a time. */
const PAGE = Buffer.alloc(4096)

const FLAGS = constants.O_CREAT | CHANGE_FLAGS

/**
 * Does once more what SQLite has just failed at, in a file of its own that is removed again: it writes a page as far
 * from the beginning as the database and its log reach. Returns the operating system's error, which SQLite keeps to
 * itself, or `undefined` when nothing fails.
 */
export function probeWriting(directory: string): NodeJS.ErrnoException | undefined {
  // Python and we leave such a name alone, so that what a killed process leaves does no harm; the next probe removes it.
  const path = join(directory, 'cache.db-probe')
  try {
    const position = Math.max(sizeOf(join(directory, 'cache.db')), sizeOf(join(directory, 'cache.db-wal')))
    const descriptor = openSync(path, FLAGS, 0o600)
    try {
      writeSync(descriptor, PAGE, 0, PAGE.length, position)
    } finally {
      closeSync(descriptor)
      unlinkSync(path)
    }
    return undefined
  } catch (error) {
    return error as NodeJS.ErrnoException
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
