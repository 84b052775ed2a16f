/**
 * The parts of better-sqlite3 that are used. Whoever opens a directory hands the library in, so that this package
 * neither installs it nor names it: a package that needs no database has no native module. The types of
 * better-sqlite3 must not show in our declarations: users do not have them.
 */
export interface Engine {
  /** The class `Database` of better-sqlite3. */
  readonly Database: new (
    file: string | Buffer,
    options: SqliteOptions,
  ) => SqliteDatabase
  /** The place from which this copy of better-sqlite3 was loaded, equal for two engines only if they are one. */
  readonly copy: string
  /** The package that a thread can load it from; `undefined` where it is part of a bundle. */
  readonly module?: string | undefined
}

/** The options of better-sqlite3 that are used. */
export interface SqliteOptions {
  timeout: number
  readonly: boolean
  fileMustExist: boolean
}

/** A database of better-sqlite3, as far as it is used. */
export interface SqliteDatabase {
  readonly open: boolean
  readonly inTransaction: boolean
  prepare(sql: string): SqliteStatement
  exec(sql: string): void
  close(): void
}

/** A statement of better-sqlite3, as far as it is used. */
export interface SqliteStatement {
  get(...parameters: unknown[]): unknown
  all(...parameters: unknown[]): unknown[]
  run(...parameters: unknown[]): { changes: number }
  safeIntegers(): this
  pluck(): this
}
