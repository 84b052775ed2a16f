/**
 * The parts of better-sqlite3 that are used. Whoever opens a directory hands the library in, so that this package neither
 * installs it nor names it: a package that needs no database has no native module. Its own types must not show in our
 * declarations: users do not have them.
 */
export interface Engine {
  readonly Database: new (file: string, options: SqliteOptions) => SqliteDatabase
  /** Where this copy of better-sqlite3 was loaded from: equal for two engines only if they are one. */
  readonly copy: string
}

export interface SqliteOptions {
  timeout: number
  readonly: boolean
  fileMustExist: boolean
}

export interface SqliteDatabase {
  readonly open: boolean
  readonly inTransaction: boolean
  prepare(sql: string): SqliteStatement
  exec(sql: string): void
  close(): void
}

export interface SqliteStatement {
  get(...parameters: unknown[]): unknown
  all(...parameters: unknown[]): unknown[]
  run(...parameters: unknown[]): { changes: number }
  safeIntegers(): this
}
