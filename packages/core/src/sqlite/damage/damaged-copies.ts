import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Work } from '../connection/work.ts'
import { sharedMode, shareFile } from '../files/shared-mode.ts'
import { CHANGE_FLAGS, READ_FLAGS } from '../system/regular-file.ts'
import { closeUnshared } from '../system/shared-descriptor.ts'

/** The most copies that are kept, and the most bytes in all of them. */
const MAX_COPIES = 3
const MAX_BYTES = 64 * 2 ** 20

const CHUNK_BYTES = 2 ** 20

/** The flags for making a copy. Two processes may make the same one. */
const COPY_FLAGS = constants.O_CREAT | constants.O_TRUNC | CHANGE_FLAGS

/** The names of copies. Python's diskcache leaves every file alone that has `cache.db` in its name. */
const COPY = /^cache\.db-damaged-\d+(-wal)?$/

/**
 * Copies a damaged database and its log aside, and returns the path of the copy, or `undefined` for one that is too
 * large to be kept. The database is read from its first to its last byte in any case: what the disk cannot read throws
 * here, and is no damage. Older copies are removed.
 */
export function* copyDamaged(file: string, now: number): Work<string | undefined> {
  const copy = `${file}-damaged-${now}`
  const log = `${file}-wal`
  const bytes = sizeOf(file) + sizeOf(log)
  removeOldCopies(dirname(file), Math.max(0, MAX_BYTES - bytes))
  const isKept = bytes <= MAX_BYTES
  yield* copyFile(file, isKept ? copy : undefined)
  if (isKept && existsSync(log)) yield* copyFile(log, `${copy}-wal`)
  return isKept ? copy : undefined
}

/** Removes all copies but the newest, as many as leave room for one more. */
function removeOldCopies(directory: string, bytes: number): void {
  const files = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile())
  const copies = files.map(({ name }) => name).filter((name) => COPY.test(name) && !name.endsWith('-wal'))
  let left = bytes
  for (const [i, name] of copies.sort().reverse().entries()) {
    const path = join(directory, name)
    left -= sizeOf(path) + sizeOf(`${path}-wal`)
    if (i < MAX_COPIES - 1 && left >= 0) continue
    rmSync(path, { force: true })
    rmSync(`${path}-wal`, { force: true })
  }
}

function* copyFile(source: string, target: string | undefined): Work<void> {
  const from = openSync(source, READ_FLAGS)
  try {
    const to = target === undefined ? undefined : openSync(target, COPY_FLAGS, 0o600)
    try {
      if (to !== undefined) shareFile(to, sharedMode(dirname(source)))
      yield* copyBytes(from, to)
    } finally {
      if (to !== undefined) closeSync(to)
    }
  } finally {
    // Closing a descriptor of the database drops the locks of this process.
    closeUnshared(from)
  }
}

function* copyBytes(from: number, to: number | undefined): Work<void> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  const size = fstatSync(from).size
  for (let at = 0; at < size; ) {
    const length = readSync(from, chunk, 0, chunk.length, at)
    if (length === 0) return
    if (to !== undefined) writeSync(to, chunk, 0, length, at)
    at += length
    yield
  }
}

function sizeOf(file: string): number {
  return lstatSync(file, { throwIfNoEntry: false })?.size ?? 0
}
