import { statSync } from 'node:fs'
import type { Connection } from './connection/connection.ts'
import type { Query } from './connection/query.ts'

/** The most that the logs of a store take together, and the least bound of a small store, in bytes. */
const MOST = 8 * 2 ** 20
const LEAST = 2 * 2 ** 20

/** The part of the size limit that the logs of a store may take, between the two. */
const SHARE = 1 / 16

/** What each page has beside itself in the log, in bytes. */
const FRAME_HEADER = 24

/** The part of the bound at which the log is written back: the commit that reaches it goes beyond. */
const WRITE_BACK = 15 / 16

/** The time after a commit at which the log is looked at, in milliseconds. */
const LOOK_MS = 300

/** The number of commits after which the log is looked at. */
const LOOK_COMMITS = 16

/**
 * How long writes may wait until the log is begun anew, in milliseconds: while another process writes it back, which
 * ends by itself, and while somebody reads from it, which may last for hours. After a wait in vain they do without for
 * ten times as long.
 */
const STALL_MS = { elsewhere: 500, read: 50 } as const
const STALL_PAUSE = 10

/** The first pause before another attempt where somebody reads from the log, and the longest, in milliseconds. */
const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 1_000

/** What a bound depends on beside the size limit. */
export interface LogTerms {
  /** The number of databases that are one store together, each with this size limit. */
  readonly databases: number
  /** The size of a page, in bytes. */
  readonly pageSize: number
  /** The bytes that a file may have at most. */
  readonly fileSize: number
}

/** Returns the bytes that the log of a database with this size limit may take, but for a larger transaction. */
export function logBound(
  sizeLimit: number,
  { databases, fileSize }: Pick<LogTerms, 'databases' | 'fileSize'>,
): number {
  const together = Math.max(LEAST, Math.min(MOST, sizeLimit * databases * SHARE))
  return Math.floor(Math.min(together / databases, fileSize / 2))
}

/** What `PRAGMA wal_checkpoint` says; `log` is -1 while another process writes the log back. */
interface CheckpointRow {
  readonly busy: bigint
  readonly log: bigint
}

/**
 * - `done`: what was asked for was done.
 * - `elsewhere`: another process writes the log back just now.
 * - `read`: somebody reads from the log, or writes to it, or the disk is full.
 */
type CheckpointResult = 'done' | 'elsewhere' | 'read'

/**
 * Bounds the write-ahead log. From a number of pages on, a commit writes them back, and the next one begins the log
 * anew. A transaction that was larger than the bound leaves a larger file: the next commit cuts that, or, when none
 * comes, a timer.
 */
export class WriteAheadLog {
  readonly #connection: Connection
  readonly #file: string
  readonly #truncate: Query<CheckpointRow>
  readonly #writeBack: Query<CheckpointRow>
  readonly #restart: Query<CheckpointRow>
  #limit = MOST
  #timer: NodeJS.Timeout | undefined
  #retry = FIRST_RETRY_MS
  #commitsLeft = LOOK_COMMITS
  #pages = 1
  #isTooLarge = false
  /** When writes began to wait, and from when on they may, by `performance.now`. */
  #stallStart = 0
  #nextStall = 0

  /** Takes the log `file` of a connection's database. */
  constructor(connection: Connection, file: string) {
    this.#connection = connection
    this.#file = file
    this.#truncate = connection.query('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#writeBack = connection.query('PRAGMA wal_checkpoint(PASSIVE)')
    this.#restart = connection.query('PRAGMA wal_checkpoint(RESTART)')
  }

  /** The most bytes that the log takes, but for a larger transaction. */
  get limit(): number {
    return this.#limit
  }

  /** The bytes that the log takes now, 0 where that cannot be seen. */
  get size(): number {
    try {
      return statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0
    } catch {
      return 0
    }
  }

  /** Bounds the log of a database with this size limit. */
  bound(sizeLimit: number, { databases, pageSize, fileSize }: LogTerms): void {
    this.#limit = logBound(sizeLimit, { databases, fileSize })
    this.#pages = Math.max(1, Math.floor((this.#limit * WRITE_BACK) / (pageSize + FRAME_HEADER)))
    this.#isTooLarge = false
    this.#writeBackFrom(this.#pages)
    this.#connection.execute(`PRAGMA journal_size_limit = ${this.#limit}`)
  }

  /**
   * Notes a commit: looks at the log a little later, and now and then at once. Where several processes write all the
   * time, there is always something that is not written back yet, and the log would never begin anew by itself: then
   * they wait for each other, a little.
   */
  noteCommit(): void {
    this.#timer ??= setTimeout(() => this.#look(), LOOK_MS).unref()
    if (--this.#commitsLeft > 0) return
    this.#commitsLeft = LOOK_COMMITS
    const isTooLarge = this.size > this.#limit
    if (isTooLarge !== this.#isTooLarge) this.#writeBackFrom(isTooLarge ? 0 : this.#pages)
    this.#isTooLarge = isTooLarge
    // Right after a commit, mostly another process has the lock already; right after our own begin, nobody has it.
    if (isTooLarge) this.#connection.interlude = () => this.#beginAnew()
  }

  /**
   * Writes the log back, as far as nobody needs it: only then the database's own file loses the pages that were given
   * back. It never waits, and never throws.
   */
  writeBack(): void {
    this.#attempt(this.#writeBack)
  }

  /**
   * Writes all of the log back and gives its space to the file system, unless somebody uses it just now; returns
   * whether that was done. It never waits, and never throws.
   */
  empty(): boolean {
    return this.#attempt(this.#truncate)
  }

  /** Cuts a log that is larger than its bound, as far as nobody uses it just now. */
  cut(): void {
    if (this.size > this.#limit) this.empty()
  }

  /** Leaves no timer behind. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /**
   * Lets commits write the log back from so many pages on, 0 for never: where every process does so after every commit,
   * they keep each other from beginning it anew.
   */
  #writeBackFrom(pages: number): void {
    this.#connection.execute(`PRAGMA wal_autocheckpoint = ${pages}`)
  }

  /** Begins the log anew, and returns whether to go on, for that was done or takes too long. */
  #beginAnew(): boolean {
    const result = this.#try(this.#restart)
    const now = performance.now()
    if (result === 'done' || now < this.#nextStall) {
      this.#stallStart = 0
      return true
    }
    if (this.#stallStart === 0) this.#stallStart = now
    const stall = STALL_MS[result]
    if (now - this.#stallStart < stall) return false
    this.#stallStart = 0
    this.#nextStall = now + stall * STALL_PAUSE
    return true
  }

  /** Returns whether that was done. */
  #attempt(checkpoint: Query<CheckpointRow>): boolean {
    return this.#try(checkpoint) === 'done'
  }

  #try(checkpoint: Query<CheckpointRow>): CheckpointResult {
    try {
      const row = this.#connection.withoutWaiting(() => checkpoint.all())[0]
      if (row?.busy === 0n) return 'done'
      return row?.log === -1n ? 'elsewhere' : 'read'
    } catch {
      // The disk may be full.
      return 'read'
    }
  }

  #look(): void {
    this.#timer = undefined
    if (!this.#connection.isOpen || this.#connection.inTransaction) return
    if (this.size <= this.#limit || this.empty()) {
      this.#retry = FIRST_RETRY_MS
      return
    }
    this.#timer = setTimeout(() => this.#look(), this.#retry).unref()
    this.#retry = Math.min(this.#retry * 2, LAST_RETRY_MS)
  }
}
