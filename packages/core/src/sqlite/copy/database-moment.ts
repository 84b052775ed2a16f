import { closeSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DiskCacheError, hasCode } from '../../contract/errors.ts'
import { Connection } from '../connection/connection.ts'
import { isDamage } from '../connection/damage-error.ts'
import type { Engine } from '../connection/engine.ts'
import { engineError } from '../connection/engine-error.ts'
import { HARDENING } from '../connection/hardening.ts'
import { withRetry } from '../connection/lock-retry.ts'
import { PAGES_PER_SLICE } from '../connection/page-copy.ts'
import { noCacheError } from '../files/private-directory.ts'
import { createFile } from '../files/shared-mode.ts'
import { type DatabaseFiles, lookAt } from '../readonly/database-files.ts'
import { copyDatabase, foldLog, lookBeforeCopy } from '../readonly/private-copy.ts'
import { inspectSchema } from '../schema/schema.ts'
import { isUnlocked } from '../system/file-locks.ts'
import { isOpenInThread } from '../system/open-registry.ts'
import { workUntil } from './in-turns.ts'

/** The number of attempts to read a database while somebody writes who cannot be joined. */
const MAX_ATTEMPTS = 20

/** What is copied, and where to. */
export interface DatabasePlaces {
  readonly engine: Engine
  /** The database. */
  readonly file: string
  /** Its copy. */
  readonly copy: string
  /** The longest time to wait for other processes, in milliseconds. */
  readonly timeout: number
  readonly signal: AbortSignal | undefined
}

/** Gives the lock back. A second call does nothing. */
export type Unlock = () => void

/** A database that is read, beside its writers, of which one moment can be held. */
export interface DatabaseMoment {
  /** The connection that reads it. */
  readonly connection: Connection
  /** Whether nothing was ever stored there: who made it was killed. */
  readonly isEmpty: boolean
  /** Whether its writers notice that a moment is held: then the log grows meanwhile. */
  readonly isShared: boolean
  /** Holds this moment: from now on, all that is read is of it. */
  hold(): Promise<void>
  /** Writes the database, as it is at the moment that is held, to its copy; calls `onBytes` after each part. */
  write(onBytes: (bytes: number) => void): Promise<void>
  /** Lets go of the moment and of the database. */
  end(): void
}

type Opened = Pick<DatabaseMoment, 'connection' | 'isEmpty'>

/**
 * Opens a database together with those that write, and where nobody does, a copy of it, which then is the copy that was
 * wanted. Nothing is made beside the database.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT when there is none, or something else; ERR_DISKCACHE_CORRUPT,
 * ERR_DISKCACHE_TIMEOUT, ERR_DISKCACHE_IO, ERR_DISKCACHE_FULL
 */
export async function openMoment(places: DatabasePlaces): Promise<DatabaseMoment> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    await removeDatabase(places.copy)
    const files = lookAt(places.file)
    if (files.database === undefined) throw noCacheError(dirname(places.file))
    const moment = (await join(places, files)) ?? (await copyQuiet(places))
    if (moment !== undefined) return moment
  }
  const message = `Cannot copy ${places.file}: other processes write to it without pause, and this user may not join them`
  throw new DiskCacheError('ERR_DISKCACHE_TIMEOUT', message)
}

/**
 * Takes the lock for writing, writes nothing, and resolves to what gives it back; to `undefined` where it cannot be had, or
 * this thread has the database open: it would wait for itself then.
 */
export async function tryLock({
  engine,
  file,
  timeout,
  signal,
}: DatabasePlaces): Promise<Unlock | undefined> {
  if (isOpenInThread(file)) return undefined
  let connection: Connection | undefined
  try {
    const locker = new Connection(file, { engine, timeout: 0, readonly: false })
    connection = locker
    await withRetry({ store: dirname(file), timeout, signal }, () => locker.execute('BEGIN IMMEDIATE'))
    return () => {
      if (!locker.isOpen) return
      locker.execute('ROLLBACK')
      locker.close()
    }
  } catch (error) {
    connection?.close()
    if (signal?.aborted) throw error
    return undefined
  }
}

/** Opens the database beside its writers, if there are some, and they can be joined. */
async function join(
  { engine, file, copy, timeout, signal }: DatabasePlaces,
  files: DatabaseFiles,
): Promise<DatabaseMoment | undefined> {
  if (files.log === undefined || files.index === undefined) return undefined
  // A killed process has left them: SQLite would make the index anew.
  if (isUnlocked(files.index) === true) return undefined
  const opened = await tryJoin(file, { engine, timeout, signal })
  if (opened === undefined) return undefined
  const { connection } = opened
  const retry = <T>(attempt: () => T) => withRetry({ store: dirname(file), timeout, signal }, attempt)
  return {
    ...opened,
    isShared: true,
    hold: () =>
      retry(() => {
        connection.execute('BEGIN')
        try {
          // SQLite takes the moment at the first read.
          connection.query('SELECT 1 FROM sqlite_schema').get()
        } catch (error) {
          connection.execute('ROLLBACK')
          throw error
        }
      }),
    write: async (onBytes) => {
      closeSync(createFile(copy, undefined))
      const bytes = bytesPerSlice(connection)
      await workUntil(
        connection.writeOver(copy, timeout, () => true),
        signal,
        () => onBytes(bytes),
      )
    },
    end: () => connection.close(),
  }
}

async function tryJoin(
  file: string,
  { engine, timeout, signal }: Pick<DatabasePlaces, 'engine' | 'timeout' | 'signal'>,
): Promise<Opened | undefined> {
  let connection: Connection | undefined
  try {
    const opened = new Connection(file, { engine, timeout: 0, readonly: true })
    connection = opened
    return await withRetry({ store: dirname(file), timeout, signal }, () => prepare(opened))
  } catch (error) {
    connection?.close()
    const isFinal = signal?.aborted || isDamage(error) || hasCode(error, 'ERR_DISKCACHE_FORMAT')
    if (isFinal || hasCode(error, 'ERR_DISKCACHE_TIMEOUT')) throw error
    return undefined
  }
}

/** Copies a database to which nobody writes, and opens the copy; resolves to `undefined` when somebody did. */
async function copyQuiet({
  engine,
  file,
  copy,
  signal,
}: DatabasePlaces): Promise<DatabaseMoment | undefined> {
  const files = lookBeforeCopy(file)
  if (!(await workUntil(copyDatabase(file, files, copy), signal))) return undefined
  try {
    foldLog(copy, engine.Database)
  } catch (error) {
    throw engineError(error, { store: dirname(file), readonly: true })
  }
  const connection = new Connection(copy, { engine, timeout: 0, readonly: true })
  try {
    const end = () => connection.close()
    const write = async (onBytes: (bytes: number) => void) => onBytes(statSync(copy).size)
    return { ...prepare(connection), isShared: false, hold: async () => {}, write, end }
  } catch (error) {
    connection.close()
    throw error
  }
}

/** Looks at a database that is not trusted before anything in it is used. */
function prepare(connection: Connection): Opened {
  connection.execute(HARDENING)
  return { connection, isEmpty: inspectSchema(connection) === 'missing' }
}

function bytesPerSlice(connection: Connection): number {
  return PAGES_PER_SLICE * (connection.numberQuery('PRAGMA page_size').get() ?? 0)
}

/** Removes a copy that was begun, with what SQLite may have made beside it. */
async function removeDatabase(copy: string): Promise<void> {
  for (const name of ['', '-wal', '-shm', '-journal']) await rm(copy + name, { force: true })
}
