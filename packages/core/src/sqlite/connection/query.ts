import type { SqliteDatabase, SqliteStatement } from './engine.ts'
import { engineError, isBusy } from './engine-error.ts'
import { LockWait, type Patience } from './lock-wait.ts'

/** What a statement can be given for a parameter. */
export type Parameter = string | number | bigint | Buffer | null

/**
 * An SQL statement of a connection, prepared at its first use. Integers come back as bigints. While another process
 * has the database locked, the statement waits; any other failure is thrown at once as a `DiskCacheError`.
 *
 * A statement that writes must not be run by `get`: better-sqlite3 would reset it before SQLite is done.
 */
export class Query<Row = unknown> {
  readonly #database: SqliteDatabase
  readonly #sql: string
  readonly #patience: Patience
  #prepared: SqliteStatement | undefined

  constructor(database: SqliteDatabase, sql: string, patience: Patience) {
    this.#database = database
    this.#sql = sql
    this.#patience = patience
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
      throw engineError(error, this.#patience)
    }
  }

  get #statement(): SqliteStatement {
    this.#prepared ??= this.#database.prepare(this.#sql).safeIntegers()
    return this.#prepared
  }

  #retry<T>(error: unknown, attempt: () => T): T {
    return retryWhileBusy(error, this.#patience, attempt)
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
