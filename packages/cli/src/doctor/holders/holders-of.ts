import { readdirSync, readlinkSync, statSync } from 'node:fs'
import { type DatabaseFile, databaseFiles, isOn, isReadLock, isWriteLock } from './database-files.ts'
import { type FileLock, fileLocks } from './file-locks.ts'
import { type ProcessFacts, processFacts } from './process-facts.ts'

/** A process that has a directory open. */
export interface Holder extends ProcessFacts {
  readonly pid: number
  /** Whether it has the lock of who writes, at this moment. */
  readonly isWriting: boolean
  /** Whether it reads, at this moment: it keeps what it reads in the log. */
  readonly isReading: boolean
}

/** Who has a directory open. */
export interface Holders {
  /** Whether the system tells: Linux alone does. Otherwise there may be holders, and none is listed. */
  readonly isKnown: boolean
  /** The processes, this one among them; those in another namespace of processes, as containers have, are not seen. */
  readonly holders: readonly Holder[]
}

/**
 * Returns who has the databases of a directory open, as Linux tells it by descriptors and locks: for processes of other
 * users by locks alone. Nothing is opened in the directory. Since when a process has it open is not told, but since when
 * it runs.
 */
export function holdersOf(directory: string): Holders {
  const locks = process.platform === 'linux' ? fileLocks() : undefined
  if (locks === undefined) return { isKnown: false, holders: [] }
  const files = databaseFiles(directory)
  if (files.length === 0) return { isKnown: true, holders: [] }
  const open = new Set(processes().filter((pid) => hasOpen(pid, files)))
  const held = files.flatMap((file) =>
    locks.filter((lock) => isOn(file, lock, (pid) => open.has(pid))).map((lock) => ({ file, lock })),
  )
  const pids = new Set([...open, ...held.map(({ lock }) => lock.pid)])
  return { isKnown: true, holders: [...pids].sort((a, b) => a - b).flatMap((pid) => holder(pid, held)) }
}

function holder(pid: number, held: readonly { file: DatabaseFile; lock: FileLock }[]): Holder[] {
  const facts = processFacts(pid)
  if (facts === undefined) return []
  const own = held.filter(({ lock }) => lock.pid === pid)
  const isWriting = own.some(({ file, lock }) => isWriteLock(file, lock))
  return [{ pid, ...facts, isWriting, isReading: own.some(({ file, lock }) => isReadLock(file, lock)) }]
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

/** Returns whether a process has one of the files open, as far as this user may know. */
function hasOpen(pid: number, files: readonly DatabaseFile[]): boolean {
  return descriptorsOf(pid).some((path) => {
    const status = statusOf(path)
    return files.some(({ device, inode }) => status?.ino === inode && status.dev === device)
  })
}

function descriptorsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => `/proc/${pid}/fd/${name}`)
  } catch {
    // It has ended, or is another user's.
    return []
  }
}

/** Returns the status of what a descriptor is of. A file of another name, perhaps on a network that hangs, is left alone. */
function statusOf(path: string) {
  try {
    return readlinkSync(path).includes('cache.db') ? statSync(path, { bigint: true }) : undefined
  } catch {
    return undefined
  }
}
