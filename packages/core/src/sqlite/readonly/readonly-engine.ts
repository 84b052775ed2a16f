import type { Engine, SqliteDatabase, SqliteStatement } from '../connection/engine.ts'
import { type OpenedSource, openSource } from './readonly-source.ts'

/** The time for which a database is taken for what its directory holds, in milliseconds. */
const LOOK_MS = 1_000

/**
 * Returns an engine whose databases only read, make no file beside the database, and are opened anew, beneath their
 * statements, within a second after somebody has begun to write or has put another database in their place.
 */
export function readonlyEngine({ Database, ...place }: Engine): Engine {
  return {
    ...place,
    Database: class extends ReadonlyDatabase {
      constructor(file: string | Buffer) {
        super(String(file), Database)
      }
    },
  }
}

/** A database that follows what its directory holds. */
class ReadonlyDatabase implements SqliteDatabase {
  readonly #file: string
  readonly #Database: Engine['Database']
  readonly #executed: string[] = []
  #source: OpenedSource
  #nextLook = 0

  constructor(file: string, Database: Engine['Database']) {
    this.#file = file
    this.#Database = Database
    this.#source = this.#open()
  }

  get open(): boolean {
    return this.#source.database.open
  }

  get inTransaction(): boolean {
    return this.#source.database.inTransaction
  }

  /** Returns the database of this moment. It stays the same inside a transaction. */
  current(): SqliteDatabase {
    const now = performance.now()
    // A later look was by another clock, such as that of a test.
    const isTime = now >= this.#nextLook || now < this.#nextLook - LOOK_MS
    if (isTime && !this.inTransaction) this.#look()
    return this.#source.database
  }

  prepare(sql: string): SqliteStatement {
    return new ReadonlyStatement(this, sql)
  }

  /** Runs SQL, and again on whatever is opened later: what a database that is only read executes are its pragmas. */
  exec(sql: string): void {
    this.current().exec(sql)
    this.#executed.push(sql)
  }

  close(): void {
    this.#source.close()
  }

  #look(): void {
    if (this.#source.isStale()) {
      const next = this.#open()
      this.#source.close()
      this.#source = next
    }
    this.#nextLook = performance.now() + LOOK_MS
  }

  #open(): OpenedSource {
    const source = openSource(this.#file, this.#Database)
    this.#nextLook = performance.now() + LOOK_MS
    try {
      for (const sql of this.#executed) source.database.exec(sql)
    } catch (error) {
      source.close()
      throw error
    }
    return source
  }
}

/** A statement that is prepared anew on each database that it is used on. */
class ReadonlyStatement implements SqliteStatement {
  readonly #owner: ReadonlyDatabase
  readonly #sql: string
  #hasSafeIntegers = false
  #isPlucked = false
  #database: SqliteDatabase | undefined
  #statement: SqliteStatement | undefined

  constructor(owner: ReadonlyDatabase, sql: string) {
    this.#owner = owner
    this.#sql = sql
  }

  get(...parameters: unknown[]): unknown {
    return this.#current().get(...parameters)
  }

  all(...parameters: unknown[]): unknown[] {
    return this.#current().all(...parameters)
  }

  run(...parameters: unknown[]): { changes: number } {
    return this.#current().run(...parameters)
  }

  safeIntegers(): this {
    this.#hasSafeIntegers = true
    return this
  }

  pluck(): this {
    this.#isPlucked = true
    return this
  }

  #current(): SqliteStatement {
    const database = this.#owner.current()
    if (this.#statement !== undefined && this.#database === database) return this.#statement
    const statement = database.prepare(this.#sql)
    if (this.#hasSafeIntegers) statement.safeIntegers()
    if (this.#isPlucked) statement.pluck()
    this.#statement = statement
    this.#database = database
    return statement
  }
}
