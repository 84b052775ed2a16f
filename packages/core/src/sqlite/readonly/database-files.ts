import type { BigIntStats } from 'node:fs'
import { regularStatus } from '../system/regular-file.ts'

/** The files beside a database in which what was committed, or has to be undone, may stand. */
export const COMPANIONS = ['-wal', '-journal'] as const

/** The status of a database and of what SQLite keeps beside it, at one moment; `undefined` for what is not there. */
export interface DatabaseFiles {
  readonly database: BigIntStats | undefined
  readonly log: BigIntStats | undefined
  readonly index: BigIntStats | undefined
  readonly journal: BigIntStats | undefined
}

/**
 * Looks at a database and what is beside it. Nothing is opened, since closing it would drop locks of this process.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FORMAT where one of them is a link or no file
 */
export function lookAt(file: string): DatabaseFiles {
  return {
    database: regularStatus(file),
    log: regularStatus(`${file}-wal`),
    index: regularStatus(`${file}-shm`),
    journal: regularStatus(`${file}-journal`),
  }
}

/** Returns whether the files are the same ones, whatever has been written to them. */
export function areSameFiles(a: DatabaseFiles, b: DatabaseFiles): boolean {
  return isSame(a.database, b.database) && isSame(a.log, b.log) && isSame(a.index, b.index)
}

/** Returns whether the files are the same ones, and nothing has been written to them. */
export function areUnchanged(a: DatabaseFiles, b: DatabaseFiles): boolean {
  // The index is memory that processes share: its content says nothing, and its presence that one of them may write.
  return (
    isUnchanged(a.database, b.database) &&
    isUnchanged(a.log, b.log) &&
    isUnchanged(a.journal, b.journal) &&
    isSame(a.index, b.index)
  )
}

/** Returns the moment of the last write, in epoch milliseconds. */
export function lastWrite({ database, log, journal }: DatabaseFiles): number {
  return Math.max(...[database, log, journal].map((status) => Number(status?.ctimeMs ?? 0n)))
}

function isSame(a: BigIntStats | undefined, b: BigIntStats | undefined): boolean {
  return a?.dev === b?.dev && a?.ino === b?.ino
}

function isUnchanged(a: BigIntStats | undefined, b: BigIntStats | undefined): boolean {
  return isSame(a, b) && a?.size === b?.size && a?.mtimeNs === b?.mtimeNs && a?.ctimeNs === b?.ctimeNs
}
