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

/**
 * Bounds the write-ahead log. From a number of pages on, a commit writes them back, and the next one begins the log
 * anew. A transaction that was larger than the bound leaves a larger file: the next commit cuts that, or, when none
 * comes, a timer.
 */
export class WriteAheadLog {
  readonly #connection: Connection
  readonly #file: string
  readonly #truncate: Query<{ busy: bigint }>
  readonly #writeBack: Query<{ busy: bigint }>
  readonly #restart: Query<{ busy: bigint }>
  #limit = MOST
  #timer: NodeJS.Timeout | undefined
  #retry = FIRST_RETRY_MS
  #commitsLeft = LOOK_COMMITS
  #pages = 1
  #isTooLarge = false

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
    const together = Math.max(LEAST, Math.min(MOST, sizeLimit * databases * SHARE))
    this.#limit = Math.floor(Math.min(together / databases, fileSize / 2))
    this.#pages = Math.max(1, Math.floor((this.#limit * WRITE_BACK) / (pageSize + FRAME_HEADER)))
    this.#isTooLarge = false
    this.#writeBackFrom(this.#pages)
    this.#connection.execute(`PRAGMA journal_size_limit = ${this.#limit}`)
  }

  /**
   * Notes a commit: looks at the log a little later, and now and then at once. Where several processes write all the
   * time, there is always something that is not written back yet, and the log would never begin anew by itself.
   */
  noteCommit(): void {
    this.#timer ??= setTimeout(() => this.#look(), LOOK_MS).unref()
    if (--this.#commitsLeft > 0) return
    this.#commitsLeft = LOOK_COMMITS
    const isTooLarge = this.size > this.#limit
    if (isTooLarge !== this.#isTooLarge) this.#writeBackFrom(isTooLarge ? 0 : this.#pages)
    this.#isTooLarge = isTooLarge
    // Right after a commit, mostly another process has the lock already; right after our own begin, nobody has it.
    if (isTooLarge) this.#connection.interlude = () => this.#attempt(this.#restart)
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

  /** Returns whether that was done, and not hindered by another process. */
  #attempt(checkpoint: Query<{ busy: bigint }>): boolean {
    try {
      return this.#connection.withoutWaiting(() => checkpoint.all())[0]?.busy === 0n
    } catch {
      // Another process writes the log back just now, or the disk is full.
      return false
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
