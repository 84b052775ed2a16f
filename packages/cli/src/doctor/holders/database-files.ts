import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { deviceText, type FileLock } from './file-locks.ts'

/** A file of a database, as locks and descriptors name it. */
export interface DatabaseFile {
  readonly kind: 'database' | 'log' | 'index'
  readonly device: bigint
  readonly inode: bigint
}

const SUFFIXES = { database: '', log: '-wal', index: '-shm' } as const

/** Where SQLite locks the index of a log; see https://www.sqlite.org/walformat.html#wal_locks */
const WRITE_BYTE = 120
const FIRST_READ_BYTE = 123
const LAST_READ_BYTE = 127

/** Where it locks a database without a log for writing; see https://www.sqlite.org/fileformat.html */
const RESERVED_BYTE = 0x4000_0001

/** Returns the files of the databases of a directory: its own, or those of its shards. */
export function databaseFiles(directory: string): DatabaseFile[] {
  const shards = namesIn(directory).filter((name) => /^\d{3}$/.test(name))
  return ['.', ...shards].flatMap((part) =>
    Object.entries(SUFFIXES).flatMap(([kind, suffix]) =>
      fileAt(join(directory, part, `cache.db${suffix}`), kind as DatabaseFile['kind']),
    ),
  )
}

/** Returns whether a lock is one on a file. Some file systems give locks another device than files. */
export function isOn(
  { device, inode }: DatabaseFile,
  lock: FileLock,
  isKnown: (pid: number) => boolean,
): boolean {
  return lock.inode === inode && (lock.device === deviceText(device) || isKnown(lock.pid))
}

/** Returns whether a lock is the one of who writes. */
export function isWriteLock({ kind }: DatabaseFile, { isWrite, first, last }: FileLock): boolean {
  const byte = kind === 'index' ? WRITE_BYTE : RESERVED_BYTE
  return isWrite && first <= byte && byte <= last
}

/** Returns whether a lock keeps a snapshot of the log for who reads. */
export function isReadLock({ kind }: DatabaseFile, { isWrite, first, last }: FileLock): boolean {
  return kind === 'index' && !isWrite && first <= LAST_READ_BYTE && FIRST_READ_BYTE <= last
}

function fileAt(path: string, kind: DatabaseFile['kind']): DatabaseFile[] {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return [{ kind, device: dev, inode: ino }]
  } catch {
    return []
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}
