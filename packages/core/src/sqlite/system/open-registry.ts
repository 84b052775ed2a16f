import { statSync } from 'node:fs'
import { DiskCacheError } from '../../contract/errors.ts'
import { withFileErrors } from '../../contract/file-error.ts'
import { closeKept } from './shared-descriptor.ts'
import { copyInOtherThread, tellThreads, untellThreads } from './thread-notes.ts'

/** A connection of this process, as the others on the same database see it. */
export interface OpenConnection {
  /** Closes its handle, which is opened anew at its next use, unless a transaction is under way. */
  letGo(): void
  /** Whether a transaction of it is under way; absent from one that an earlier version of this package has made. */
  readonly inTransaction?: boolean
}

interface OpenDatabase {
  copy: string
  count: number
  /** The connections; absent from an entry that an earlier version of this package has made. */
  connections?: Set<OpenConnection>
}

/**
 * The name of the registry of open databases: which copy of SQLite has which of them open in this process. Two copies
 * on one file do not see each other's locks, and closing one drops those of the other: acknowledged writes are lost
 * without an error. All copies of this package share the registry.
 */
const REGISTRY = Symbol.for('diskcache.openDatabases')

function registry(): Map<string, OpenDatabase> {
  const scope = globalThis as { [REGISTRY]?: Map<string, OpenDatabase> }
  scope[REGISTRY] ??= new Map()
  return scope[REGISTRY]
}

/** A note that a connection has a database open. */
export interface OpenNote {
  /** Whether no other connection of this thread has the database open. */
  readonly isFirst: boolean
  /** Lets go of all connections of this process on the same database. */
  letGoOfAll(): void
  /** Returns whether another connection of this thread on the same database is inside a transaction. */
  isUsedByAnother(): boolean
  /** Takes the note back. */
  remove(): void
}

/** Which copy of SQLite opens a database. */
export interface OpeningCopy {
  /** The place from which it was loaded. */
  readonly copy: string
  /** The directory of its package; `undefined` in a bundle, of which several may have one copy in common. */
  readonly module?: string | undefined
}

/**
 * Notes that a copy of SQLite opens `file` for `connection`; throws `ERR_DISKCACHE_ENGINE` when another copy has it
 * open, in whichever thread.
 */
export function registerOpen(
  file: string,
  { copy, module }: OpeningCopy,
  connection?: OpenConnection,
): OpenNote {
  const identity = identityOf(file)
  const open = registry().get(identity) ?? { copy, count: 0 }
  if (open.copy !== copy) throw otherCopyError(file, [open.copy, copy])
  if (open.count === 0 && module !== undefined) claimForThread(file, identity, copy)
  open.count++
  open.connections ??= new Set()
  if (connection !== undefined) open.connections.add(connection)
  registry().set(identity, open)
  return {
    isFirst: open.count === 1,
    letGoOfAll: () => {
      for (const connection of [...(open.connections ?? [])]) connection.letGo()
    },
    isUsedByAnother: () => {
      const others = [...(open.connections ?? [])].filter((other) => other !== connection)
      return others.some((other) => other.inTransaction)
    },
    remove: () => {
      if (connection !== undefined) open.connections?.delete(connection)
      if (--open.count > 0) return
      registry().delete(identity)
      if (module !== undefined) untellThreads(identity)
      closeKept()
    },
  }
}

/** Tells the other threads, and looks only then, so that of two threads that open at once at least one is refused. */
function claimForThread(file: string, identity: string, copy: string): void {
  tellThreads(identity, copy)
  const other = copyInOtherThread(identity, copy)
  if (other === undefined) return
  untellThreads(identity)
  throw otherCopyError(file, [other, copy])
}

function otherCopyError(file: string, [one, other]: readonly [string, string]): DiskCacheError {
  const message =
    `Cannot open ${file}: this process has it open through another copy of better-sqlite3, and two copies corrupt ` +
    `each other's locks; make one of "${one}" and "${other}" go away, for example with "npm dedupe"`
  return new DiskCacheError('ERR_DISKCACHE_ENGINE', message)
}

/** Returns whether a connection of this thread on the database `file` is inside a transaction. */
export function isInTransaction(file: string): boolean {
  const { connections = [] } = registry().get(identityOf(file)) ?? {}
  return [...connections].some((connection) => connection.inTransaction)
}

/** Returns whether a connection of this thread has the database `file` open. */
export function isOpenInThread(file: string): boolean {
  return registry().has(identityOf(file))
}

function identityOf(file: string): string {
  const { dev, ino } = withFileErrors('open', file, () => statSync(file, { bigint: true }))
  return `${dev}:${ino}`
}
