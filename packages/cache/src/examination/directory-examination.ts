import type { DatabaseFacts, Settings } from '@diskcache/core/sqlite'

/** What {@link examineDirectory} has found out about a directory. What could not be looked at is left out. */
export interface DirectoryExamination {
  /** The version of the better-sqlite3 that is in use, and of the SQLite in it; left out where it cannot be loaded. */
  readonly engine?: { readonly version: string; readonly sqlite: string }
  /** The name of the network file system on which the directory lies, as far as it is on one that is known. */
  readonly networkFileSystem?: string | undefined
  /** Who may change the directory beside those whom this user trusts, in words. */
  readonly danger?: string | undefined
  /** The bytes that a file of this process may have at most, `Infinity` without a limit. */
  readonly fileSizeLimit: number
  /** Why the database cannot be read: what opening the directory throws. */
  readonly error?: unknown
  /** Whether `cache.db` is, or was, a database; left out where it was read, or cannot be looked at. */
  readonly isDatabaseFile?: boolean
  /** The version of the format of a database that was not read because a later version of this software has written it. */
  readonly laterFormat?: number | undefined
  /** What the database says. */
  readonly database?: DatabaseExamination
}

/** What the database of a directory says. */
export interface DatabaseExamination extends DatabaseFacts {
  /** The settings, with defaults for those that are illegal. */
  readonly settings: Readonly<Settings>
  /** The bytes that the cache takes on the disk, without its log. */
  readonly volume: number
  /** The bytes of the log, and the most that it should have. */
  readonly log: { readonly bytes: number; readonly most: number }
  /** The number of entries by the counter, expired ones included. */
  readonly entries: number
  /** The number of entries that have expired and are still there, counted up to 100,000. */
  readonly expired: number
  /** What SQLite complains of; left out where the database is so large that asking takes long. */
  readonly complaints?: readonly string[]
  /** The counters that are wrong; left out where counting takes long. */
  readonly wrongCounters?: readonly WrongCounter[]
  /** What was found in some of the entries. */
  readonly sample: EntrySample
  /** What was found in some of the directories of value files. */
  readonly leftovers: Leftovers
}

/** A counter that is not what it counts. */
export interface WrongCounter {
  /** The name: `count` for entries, `size` for the bytes in files. */
  readonly name: string
  /** What it says. */
  readonly stored: number
  /** What there is. */
  readonly actual: number
}

/** What was found in a sample of the entries: all of them where they are few. */
export interface EntrySample {
  /** The number of entries that were looked at. */
  readonly entries: number
  /** Whether these are all. */
  readonly isAll: boolean
  /** Entries that are not what was stored, by their checksums. */
  readonly wrongChecksums: number
  /** Entries whose file is gone, has another length, or is none. */
  readonly missingFiles: number
  /** Entries whose file this user may not read. */
  readonly unreadableFiles: number
  /** Entries without a checksum. */
  readonly unverified: number
  /** Entries that were stored in the future. */
  readonly future: number
  /** How far ahead the last of them is, in milliseconds. */
  readonly aheadBy: number
  /** Entries whose key Python has pickled. */
  readonly pickledKeys: number
  /** Entries whose value Python has pickled. */
  readonly pickledValues: number
  /** Entries that have tags. */
  readonly tagged: number
  /** Entries whose key is that of an item of a queue without prefix, as all are in a deque. */
  readonly items: number
}

/** What processes that were killed left behind, as far as it was looked for. */
export interface Leftovers {
  /** The number of directories of value files that were searched. */
  readonly directories: number
  /** Whether these are all. */
  readonly isAll: boolean
  /** Files without an entry. */
  readonly orphans: number
}
