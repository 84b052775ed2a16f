import type { DatabaseLink } from './database-link.ts'
import type { SqliteDatabase, SqliteStatement } from './engine.ts'
import { engineError, isBusy } from './engine-error.ts'
import { LockWait, type Patience } from './lock-wait.ts'

/** What a statement can be given for a parameter. */
export type Parameter = string | number | bigint | Buffer | null

/**
 * An SQL statement of a connection, prepared at its first use, and again on a new handle. Integers come back as
 * bigints. While another process has the database locked, the statement waits; damage is mended where it can be; any
 * other failure is thrown at once as a `DiskCacheError`.
 *
 * A statement that writes must not be run by `get`: better-sqlite3 would reset it before SQLite is done.
 */
export class Query<Row = unknown> {
  readonly #link: DatabaseLink
  readonly #sql: string
  readonly #isNumber: boolean
  #prepared: SqliteStatement | undefined
  /** The handle that the statement was prepared on, or was to be. */
  #handle: SqliteDatabase | undefined

  /** With `isNumber`, a row is one small number and nothing else, which is quicker to get. */
  constructor(link: DatabaseLink, sql: string, isNumber = false) {
    this.#link = link
    this.#sql = sql
    this.#isNumber = isNumber
  }

  /** Returns the first row, or `undefined` when there is none. */
  get(...parameters: Parameter[]): Row | undefined {
    try {
      return this.#statement.get(...parameters) as Row | undefined
    } catch (error) {
      return this.#retry(error, () => this.#statement.get(...parameters) as Row | undefined)
    }
  }

  /** Returns all rows. */
  all(...parameters: Parameter[]): Row[] {
    try {
      return this.#statement.all(...parameters) as Row[]
    } catch (error) {
      return this.#retry(error, () => this.#statement.all(...parameters) as Row[])
    }
  }

  /** Runs the statement and returns the number of rows that changed. */
  run(...parameters: Parameter[]): number {
    try {
      return this.#statement.run(...parameters).changes
    } catch (error) {
      return this.#retry(error, () => this.#statement.run(...parameters).changes)
    }
  }

  /**
   * Runs the statement and returns `true`, or returns `false` at once while another process has the database locked.
   */
  tryRun(): boolean {
    try {
      this.#statement.run()
      return true
    } catch (error) {
      if (isBusy(error)) return false
      if (this.#renew()) return this.tryRun()
      throw engineError(error, this.#link.patience)
    }
  }

  get #statement(): SqliteStatement {
    this.#prepared ??= this.#prepare()
    return this.#prepared
  }

  #prepare(): SqliteStatement {
    this.#handle = this.#link.handle
    const statement = this.#handle.prepare(this.#sql)
    return this.#isNumber ? statement.pluck() : statement.safeIntegers()
  }

  /** Goes on after a first attempt that failed with `error`, on a new handle where that helps. */
  #retry<T>(error: unknown, attempt: () => T): T {
    let isMended = false
    for (let last = error; ; ) {
      const isRenewed = this.#renew()
      try {
        const result = isRenewed ? attempt() : retryWhileBusy(last, this.#link.patience, attempt)
        if (isMended) this.#link.succeeded()
        return result
      } catch (next) {
        if (!isRenewed) {
          isMended = this.#link.mend(next)
          if (!isMended) throw next
        }
        last = next
      }
    }
  }

  /** Returns whether the statement belongs to a handle that was let go; then it is prepared anew at its next use. */
  #renew(): boolean {
    const used = this.#handle
    if (!this.#link.renew(used)) return false
    // Opening the handle may have run this very statement.
    if (this.#handle === used) this.#prepared = undefined
    return true
  }
}

/**
 * Goes on after a first attempt that failed with `error`: waits and tries again while that means busy, and throws it
 * otherwise.
 */
export function retryWhileBusy<T>(error: unknown, patience: Patience, attempt: () => T): T {
  let wait: LockWait | undefined
  for (let last = error; ; ) {
    if (!isBusy(last)) throw engineError(last, patience)
    wait ??= new LockWait(patience)
    wait.sleep()
    try {
      const result = attempt()
      wait.end()
      return result
    } catch (next) {
      last = next
    }
  }
}
