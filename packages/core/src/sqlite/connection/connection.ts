import { dirname } from 'node:path'
import { errorChannel } from '../../contract/diagnostics.ts'
import { DiskCacheError, readonlyError } from '../../contract/errors.ts'
import type { Engine, SqliteDatabase } from './engine.ts'
import { engineError } from './engine-error.ts'
import type { Patience } from './lock-wait.ts'
import { registerOpen } from './open-registry.ts'
import { Query, retryWhileBusy } from './query.ts'

/** What a connection is opened with. */
export interface ConnectionOptions {
  /** The copy of better-sqlite3 to use. */
  readonly engine: Engine
  /** The longest time to wait for a lock of another process, in milliseconds. */
  timeout: number
  /** Whether the database is only read. */
  readonly: boolean
  /**
   * Whether no other process may use the database meanwhile; `false` unless given. Then SQLite needs no file for the
   * index of the log, but has to open the database for writing, also to read.
   */
  readonly isAlone?: boolean
}

/**
 * What else must happen when the transaction has ended. An error here changes nothing about that, and goes to the
 * channel.
 */
interface Effect {
  readonly outcome: 'commit' | 'rollback'
  readonly apply: () => void
}

/**
 * The one connection of a process to a database. SQLite's own busy timeout is 0; waiting is done here, so that a
 * synchronous caller can sleep and an asynchronous one come back later.
 */
export class Connection {
  readonly #database: SqliteDatabase
  readonly #unregister: () => void
  /** Whether the database is only read. */
  readonly readonly: boolean
  /** Is called after each commit of a write transaction. It must be quick, and must not throw. */
  onCommit: (() => void) | undefined
  /**
   * Something to be done once, between two transactions of whatever process: the next write transaction gives the lock
   * back for it and acquires it again. It must not throw.
   */
  interlude: (() => void) | undefined
  readonly #patience: Patience
  readonly #begin: Query
  readonly #beginRead: Query
  readonly #commit: Query
  readonly #rollback: Query
  readonly #savepoint: Query
  readonly #release: Query
  readonly #rollbackTo: Query
  #isOpen = true
  #depth = 0
  #inSnapshot = false
  #effects: Effect[] = []
  #commits = 0

  /** Opens the database `file`, which must exist. */
  constructor(file: string, options: ConnectionOptions) {
    const { Database, copy } = options.engine
    const { isAlone = false } = options
    this.readonly = options.readonly
    this.#patience = { timeout: options.timeout, store: dirname(file), readonly: options.readonly }
    this.#unregister = registerOpen(file, copy)
    try {
      this.#database = new Database(file, {
        timeout: 0,
        readonly: options.readonly && !isAlone,
        fileMustExist: true,
      })
      if (isAlone) this.#database.exec('PRAGMA locking_mode = EXCLUSIVE')
    } catch (error) {
      this.#unregister()
      throw engineError(error, this.#patience)
    }
    this.#begin = this.query('BEGIN IMMEDIATE')
    this.#beginRead = this.query('BEGIN')
    this.#commit = this.query('COMMIT')
    this.#rollback = this.query('ROLLBACK')
    this.#savepoint = this.query('SAVEPOINT nested')
    this.#release = this.query('RELEASE nested')
    this.#rollbackTo = this.query('ROLLBACK TO nested')
  }

  /**
   * Whether the connection is open. It is a field, since every operation asks, and better-sqlite3's getter is native.
   */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Whether a write transaction of this connection is under way. */
  get inTransaction(): boolean {
    return this.#depth > 0
  }

  /** The number of write transactions that this connection has committed. */
  get commits(): number {
    return this.#commits
  }

  /** Returns a statement of this connection, prepared at its first use. */
  query<Row = unknown>(sql: string): Query<Row> {
    return new Query<Row>(this.#database, sql, this.#patience)
  }

  /** Runs constant SQL of several statements, and waits as a query does. */
  execute(sql: string): void {
    try {
      this.#database.exec(sql)
    } catch (error) {
      retryWhileBusy(error, this.#patience, () => this.#database.exec(sql))
    }
  }

  /**
   * Runs `body` as one write transaction, or inside another one as a savepoint, and returns what it returns. When it
   * throws, all that it did is undone and the error goes on. A body that returns a promise is refused before anything
   * is committed.
   */
  transact<T>(body: () => T): T {
    if (this.#depth > 0) return this.#nested(body)
    this.#checkWritable()
    this.#begin.run()
    if (this.interlude !== undefined) this.#interrupt()
    return this.#outermost(body)
  }

  /**
   * Runs `body` like {@link transact} and returns `true`, or does nothing and returns `false` when the lock is not
   * free or the connection closed.
   */
  tryTransact(body: () => void): boolean {
    if (!this.isOpen || this.readonly || this.#inSnapshot) return false
    if (this.#depth > 0) this.#nested(body)
    else if (!this.#begin.tryRun()) return false
    else this.#outermost(body)
    return true
  }

  /** Runs `body` so that it throws `ERR_DISKCACHE_TIMEOUT` at once where it would have to wait for another process. */
  withoutWaiting<T>(body: () => T): T {
    return this.withTimeout(0, body)
  }

  /** Runs `body` with another limit to how long it may wait for other processes, in milliseconds. */
  withTimeout<T>(limit: number, body: () => T): T {
    const { timeout } = this.#patience
    this.#patience.timeout = limit
    try {
      return body()
    } finally {
      this.#patience.timeout = timeout
    }
  }

  /** Runs `body`, which only reads, so that all its queries see one moment of the database. */
  snapshot<T>(body: () => T): T {
    if (this.#depth > 0 || this.#inSnapshot) return body()
    this.#beginRead.run()
    this.#inSnapshot = true
    try {
      return body()
    } finally {
      this.#inSnapshot = false
      this.#commit.run()
    }
  }

  /** Runs `effect` once the outermost transaction is committed, unless the part under way is rolled back. */
  afterCommit(effect: () => void): void {
    this.#effects.push({ outcome: 'commit', apply: effect })
  }

  /** Runs `effect` when the part of the transaction under way is rolled back, alone or with what is around it. */
  afterRollback(effect: () => void): void {
    this.#effects.push({ outcome: 'rollback', apply: effect })
  }

  /** Closes the connection. A second call does nothing. */
  close(): void {
    if (!this.isOpen) return
    if (this.#depth > 0) {
      throw new DiskCacheError('ERR_DISKCACHE_REENTRANT', 'Cannot close: a transaction is under way')
    }
    this.#isOpen = false
    this.#database.close()
    this.#unregister()
  }

  #interrupt(): void {
    const { interlude } = this
    this.interlude = undefined
    this.#rollback.run()
    interlude?.()
    this.#begin.run()
  }

  #outermost<T>(body: () => T): T {
    this.#depth = 1
    try {
      const result = refusePromise(body())
      this.#checkAlive()
      this.#commit.run()
      this.#commits++
      this.#depth = 0
      this.#settle(0, 'commit')
      this.onCommit?.()
      return result
    } catch (error) {
      this.#depth = 0
      // Some errors, such as a full disk, have made SQLite roll back already.
      if (this.#database.inTransaction) this.#rollback.run()
      this.#settle(0, 'rollback')
      throw error
    }
  }

  #nested<T>(body: () => T): T {
    this.#checkAlive()
    const mark = this.#effects.length
    this.#savepoint.run()
    this.#depth++
    try {
      const result = refusePromise(body())
      this.#checkAlive()
      this.#release.run()
      return result
    } catch (error) {
      if (this.#database.inTransaction) {
        this.#rollbackTo.run()
        this.#release.run()
        this.#settle(mark, 'rollback')
      }
      throw error
    } finally {
      this.#depth--
    }
  }

  /** Applies the effects since `mark` that wait for this outcome, and drops the others. */
  #settle(mark: number, outcome: Effect['outcome']): void {
    if (this.#effects.length === mark) return
    const effects = this.#effects.splice(mark)
    for (const effect of effects) if (effect.outcome === outcome) this.#applySafely(effect)
  }

  #applySafely(effect: Effect): void {
    try {
      effect.apply()
    } catch (error) {
      errorChannel.publish({ store: this.#patience.store, reason: 'failed', error })
    }
  }

  #checkWritable(): void {
    if (this.readonly) throw readonlyError()
  }

  /** After an error that made SQLite roll back, further writes would each commit by themselves. */
  #checkAlive(): void {
    if (this.#database.inTransaction) return
    throw new DiskCacheError(
      'ERR_DISKCACHE_ENGINE',
      'Cannot go on: the transaction was rolled back by an earlier error',
    )
  }
}

function refusePromise<T>(result: T): T {
  if (typeof (result as { then?: unknown } | null | undefined)?.then !== 'function') return result
  // Nobody will await the promise, so its failure must not count as unhandled.
  Promise.resolve(result).catch(() => {})
  throw new TypeError('Cannot run the transaction: its body returned a promise, but must be synchronous')
}
