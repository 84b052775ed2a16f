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

/** The first pause before another attempt where somebody reads from the log, and the longest, in milliseconds. */
const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 1_000

/**
 * Bounds the write-ahead log. From a number of pages on, a commit writes them back, and the next one begins the log
 * anew. A transaction that was larger than the bound leaves a larger file: the next commit cuts that, or, when none
 * comes, a timer.
 */
export class WriteAheadLog {
  readonly #connection: Connection
  readonly #file: string
  readonly #truncate: Query<{ busy: bigint }>
  readonly #writeBack: Query
  #limit = MOST
  #timer: NodeJS.Timeout | undefined
  #retry = FIRST_RETRY_MS

  /** Takes the log `file` of a connection's database. */
  constructor(connection: Connection, file: string) {
    this.#connection = connection
    this.#file = file
    this.#truncate = connection.query('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#writeBack = connection.query('PRAGMA wal_checkpoint(PASSIVE)')
  }

  /** The most bytes that the log takes, but for a larger transaction. */
  get limit(): number {
    return this.#limit
  }

  /** The bytes that the log takes now. */
  get size(): number {
    return statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0
  }

  /** Bounds the log of one of so many databases that have one size limit together, `sizeLimit` each. */
  bound(sizeLimit: number, databases: number, pageSize: number): void {
    const together = Math.max(LEAST, Math.min(MOST, sizeLimit * databases * SHARE))
    this.#limit = Math.floor(together / databases)
    const pages = Math.max(1, Math.floor((this.#limit * WRITE_BACK) / (pageSize + FRAME_HEADER)))
    this.#connection.execute(
      `PRAGMA wal_autocheckpoint = ${pages}; PRAGMA journal_size_limit = ${this.#limit}`,
    )
  }

  /** Looks at the log a little later. It costs a commit nothing. */
  lookLater(): void {
    this.#timer ??= setTimeout(() => this.#look(), LOOK_MS).unref()
  }

  /**
   * Writes the log back, as far as nobody needs it: only then the database's own file loses the pages that were given
   * back. It never waits, and never throws.
   */
  writeBack(): void {
    try {
      this.#connection.withoutWaiting(() => this.#writeBack.all())
    } catch {
      // Another process writes it back just now.
    }
  }

  /**
   * Writes all of the log back and gives its space to the file system, unless somebody uses it just now; returns
   * whether that was done. It never waits, and never throws.
   */
  empty(): boolean {
    try {
      return this.#connection.withoutWaiting(() => this.#truncate.all())[0]?.busy === 0n
    } catch {
      return false
    }
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
