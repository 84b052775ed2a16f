import {
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileError, withFileErrors } from '../../contract/file-error.ts'
import type { Engine, SqliteDatabase } from '../connection/engine.ts'
import { type Work, workNow } from '../connection/work.ts'
import { READ_FLAGS } from '../system/regular-file.ts'
import { closeUnshared } from '../system/shared-descriptor.ts'
import { areUnchanged, COMPANIONS, type DatabaseFiles, lastWrite, lookAt } from './database-files.ts'

const CHUNK_BYTES = 2 ** 20

/** The bytes of the header that say whether a database has a log, 2, or not, 1. */
const VERSIONS_AT = 18

/** The parts of a log; see https://www.sqlite.org/fileformat.html#walformat */
const LOG_HEADER_BYTES = 32
const PAGE_SIZE_AT = 8
const SALT_AT = 16
const SALT_BYTES = 8
const FRAME_HEADER_BYTES = 24
const SALT_IN_FRAME = 8
const MIN_PAGE_SIZE = 512
const MAX_PAGE_SIZE = 65_536

/**
 * The time for which clocks of file systems may stand still, in milliseconds: a write within it may leave no trace in
 * the status.
 */
const CLOCK_STEP_MS = 20

/** The clock that files go by, also when a test of the application fakes that of the process later. */
const { now } = Date

const cell = new Int32Array(new SharedArrayBuffer(4))

/** A database that is a copy, and what it is a copy of. */
export interface PrivateCopy {
  readonly database: SqliteDatabase
  readonly files: DatabaseFiles
  /** Removes what is left of the copy, after the database was closed. */
  remove(): void
}

/** Where a copy may be, in order. The second is memory, for when the first is full or cannot be written. */
function places(): string[] {
  return process.platform === 'linux' ? [tmpdir(), '/dev/shm'] : [tmpdir()]
}

/**
 * Opens a copy of the database `file` and of its log, in the directory for temporary files, or in memory where that is
 * full or cannot be written. It has all that was committed; `undefined` is returned when somebody wrote meanwhile.
 *
 * @throws DiskCacheError ERR_DISKCACHE_IO, ERR_DISKCACHE_FULL; SqliteError
 */
export function openCopy(file: string, Database: Engine['Database']): PrivateCopy | undefined {
  const files = lookBeforeCopy(file)
  let failure: unknown
  for (const place of places()) {
    try {
      return openCopyIn(place, file, files, Database)
    } catch (error) {
      if (!isForWantOfRoom(error)) throw error
      failure ??= error
    }
  }
  // SQLite takes a database from memory, but no log.
  if (COMPANIONS.some((name) => hasContent(files, name))) throw failure
  return openInMemory(file, files, Database)
}

function openCopyIn(
  place: string,
  file: string,
  files: DatabaseFiles,
  Database: Engine['Database'],
): PrivateCopy | undefined {
  const directory = withFileErrors('copy the database into', place, () =>
    mkdtempSync(join(place, 'diskcache-readonly-')),
  )
  const remove = () => removeCopy(directory)
  try {
    const target = join(directory, 'cache.db')
    const isWhole = workNow(copyDatabase(file, files, target))
    const database = isWhole ? openFolded(target, Database) : undefined
    // Where names can go while files are open, nothing stays behind whatever becomes of the process.
    if (process.platform !== 'win32' || database === undefined) remove()
    return database && { database, files, remove }
  } catch (error) {
    remove()
    throw error
  }
}

/**
 * Copies the database `file`, with what belongs to it, to `target`, and returns whether it was not written to since
 * `files` were looked at: only then is the copy worth anything.
 */
export function* copyDatabase(file: string, files: DatabaseFiles, target: string): Work<boolean> {
  yield* copyFile(file, target)
  if (hasContent(files, '-journal')) yield* copyFile(`${file}-journal`, `${target}-journal`)
  if (hasContent(files, '-wal')) yield* copyFile(`${file}-wal`, `${target}-wal`, logChunksOf)
  return areUnchanged(files, lookAt(file))
}

/** Looks at a database like {@link lookAt}, at a moment from which on each write must show. */
export function lookBeforeCopy(file: string): DatabaseFiles {
  waitForClock(lookAt(file))
  return lookAt(file)
}

/** Removes a copy, name by name: a search of its directory would take a descriptor, and there may be none. */
function removeCopy(directory: string): void {
  for (const name of ['', '-wal', '-shm', '-journal'])
    attempt(() => unlinkSync(join(directory, `cache.db${name}`)))
  attempt(() => rmdirSync(directory))
}

function attempt(removal: () => void): void {
  try {
    removal()
  } catch {
    // It is not there, or stays among the temporary files.
  }
}

function isForWantOfRoom(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return /^(ERR_DISKCACHE_(FULL|IO)$|SQLITE_(FULL|IOERR|CANTOPEN))/.test(String(code))
}

/** Writes the log of a copy into its database, so that nothing else belongs to it. */
export function foldLog(file: string, Database: Engine['Database']): void {
  const database = new Database(file, { timeout: 0, readonly: false, fileMustExist: true })
  try {
    database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = DELETE')
  } finally {
    database.close()
  }
}

function openFolded(file: string, Database: Engine['Database']): SqliteDatabase {
  foldLog(file, Database)
  const folded = new Database(file, { timeout: 0, readonly: true, fileMustExist: true })
  // Nobody else knows the copy, so that it is locked once.
  folded.exec('PRAGMA locking_mode = EXCLUSIVE')
  return folded
}

function openInMemory(
  file: string,
  files: DatabaseFiles,
  Database: Engine['Database'],
): PrivateCopy | undefined {
  const bytes = readWhole(file)
  if (!areUnchanged(files, lookAt(file))) return undefined
  // SQLite takes no database with a log from memory. There is none, and these bytes only announce it.
  if (bytes.length > VERSIONS_AT + 1) bytes.fill(1, VERSIONS_AT, VERSIONS_AT + 2)
  const database = new Database(bytes, { timeout: 0, readonly: true, fileMustExist: false })
  return { database, files, remove: () => {} }
}

function hasContent({ log, journal }: DatabaseFiles, name: (typeof COMPANIONS)[number]): boolean {
  const status = name === '-wal' ? log : journal
  return status !== undefined && status.size > 0n
}

/** Waits until a write from now on must show in the status of the files. */
function waitForClock(files: DatabaseFiles): void {
  const left = lastWrite(files) + CLOCK_STEP_MS - now()
  if (left > 0) Atomics.wait(cell, 0, 0, Math.min(left, CLOCK_STEP_MS))
}

function* copyFile(source: string, target: string, chunks = chunksOf): Work<void> {
  const pieces = readPieces(source, chunks)
  const to = withFileErrors('copy', source, () => openSync(target, 'wx', 0o600))
  try {
    for (const bytes of pieces) {
      withFileErrors('copy', source, () => writeAll(to, bytes))
      yield
    }
  } finally {
    closeSync(to)
  }
}

function readWhole(source: string): Buffer {
  return Buffer.concat(Array.from(readPieces(source, chunksOf), (bytes) => Buffer.from(bytes)))
}

/** Iterates over what `chunks` reads from the file, a link excepted. */
function* readPieces(source: string, chunks: typeof chunksOf): Generator<Uint8Array> {
  try {
    const descriptor = openSync(source, READ_FLAGS)
    try {
      yield* chunks(descriptor)
    } finally {
      closeUnshared(descriptor)
    }
  } catch (error) {
    throw fileError(error, 'read', source)
  }
}

function* chunksOf(descriptor: number): Generator<Uint8Array> {
  const { size } = fstatSync(descriptor)
  const chunk = Buffer.allocUnsafeSlow(Math.max(1, Math.min(size, CHUNK_BYTES)))
  for (let at = 0; ; ) {
    const count = readSync(descriptor, chunk, 0, chunk.length, at)
    if (count === 0) return
    yield chunk.subarray(0, count)
    at += count
  }
}

/**
 * Returns what counts of a log: the frames from its beginning that have its salt. A log that was begun anew has others
 * behind them, and a hostile one may go on without an end.
 */
function* logChunksOf(descriptor: number): Generator<Uint8Array> {
  const header = Buffer.alloc(LOG_HEADER_BYTES)
  if (readSync(descriptor, header, 0, header.length, 0) < header.length) return
  yield header
  const pageSize = header.readUInt32BE(PAGE_SIZE_AT)
  if (pageSize < MIN_PAGE_SIZE || pageSize > MAX_PAGE_SIZE) return
  const frame = Buffer.allocUnsafeSlow(FRAME_HEADER_BYTES + pageSize)
  for (let at = header.length; ; at += frame.length) {
    if (readSync(descriptor, frame, 0, frame.length, at) < frame.length) return
    if (header.compare(frame, SALT_IN_FRAME, SALT_IN_FRAME + SALT_BYTES, SALT_AT, SALT_AT + SALT_BYTES) !== 0)
      return
    yield frame
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
}
