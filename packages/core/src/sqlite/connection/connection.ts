import { dirname } from 'node:path'
import { refusePromise } from '../../checks/synchronous-check.ts'
import { damageChannel, errorChannel } from '../../contract/diagnostics.ts'
import { DiskCacheError, readonlyError } from '../../contract/errors.ts'
import { isInTransaction } from '../system/open-registry.ts'
import { type ConnectionOptions, DatabaseLink, type LinkHooks } from './database-link.ts'
import { LockWait } from './lock-wait.ts'
import { writePagesOver } from './page-copy.ts'
import { Query, retryWhileBusy } from './query.ts'
import type { Work } from './work.ts'

/** The time for which the files of a database are taken for those that were opened, in milliseconds. */
const LOOK_MS = 1_000

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
  readonly #link: DatabaseLink
  /** Whether the database is only read. */
  readonly readonly: boolean
  /** Is called after each commit of a write transaction. It must be quick, and must not throw. */
  onCommit: (() => void) | undefined
  /**
   * Something to be done between two transactions of whatever process: the next write transaction gives the lock back
   * for it and acquires it again, until it returns `true` or the time to wait is over. It must not throw.
   */
  interlude: (() => boolean) | undefined
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
  #mended = 0
  #nextLook = 0
  #schemaVersion: bigint | undefined
  readonly #schema: Query<{ schema_version: bigint }>
  readonly #replacementListeners = new Set<() => void>()

  /** Opens the database `file`, which must exist. */
  constructor(file: string, options: ConnectionOptions) {
    this.readonly = options.readonly
    this.#link = new DatabaseLink(file, options)
    this.#begin = this.query('BEGIN IMMEDIATE')
    this.#beginRead = this.query('BEGIN')
    this.#commit = this.query('COMMIT')
    this.#rollback = this.query('ROLLBACK')
    this.#savepoint = this.query('SAVEPOINT nested')
    this.#release = this.query('RELEASE nested')
    this.#rollbackTo = this.query('ROLLBACK TO nested')
    this.#schema = this.query('PRAGMA schema_version')
  }

  /** Runs the hooks now, and again whenever the database is opened anew. */
  setUp(hooks: LinkHooks): void {
    this.#link.setUp({
      ...hooks,
      mend: (error, isDeferring) => this.#isIdle && hooks.mend(error, isDeferring),
      reset: (error) => this.#isIdle && hooks.reset(error),
      succeeded: () => hooks.succeeded(),
    })
    this.#schemaVersion = this.#readSchemaVersion()
  }

  /**
   * Whether the connection is open. It is a field, since every operation asks, and better-sqlite3's getter is native.
   */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Whether the database is open now: not after its files went away, until it is used again. */
  get hasHandle(): boolean {
    return this.#link.isOpen
  }

  /** What the database is open by now: another object when it was opened anew. */
  get handle(): object {
    return this.#link.handle
  }

  /** The longest time that an operation may wait for other processes now, in milliseconds. */
  get timeout(): number {
    return this.#link.patience.timeout
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
    return new Query<Row>(this.#link, sql)
  }

  /** Returns a statement whose rows are one small number each; in all else like {@link query}. */
  numberQuery(sql: string): Query<number> {
    return new Query<number>(this.#link, sql, true)
  }

  /** Runs constant SQL of several statements, and waits as a query does. */
  execute(sql: string): void {
    const attempt = () => this.#link.handle.exec(sql)
    const { handle } = this.#link
    try {
      attempt()
    } catch (error) {
      if (this.#link.renew(handle)) return this.execute(sql)
      retryWhileBusy(error, this.#link.patience, attempt)
    }
  }

  /**
   * Looks, at most once a second, whether the files of the database are still those that were opened, and lets go of
   * them otherwise, so that the next statement opens what is there now. Does nothing inside a transaction. `now` is what
   * `performance.now()` says.
   */
  look(now = performance.now()): void {
    // A later look was by another clock, such as that of a test.
    if (now >= this.#nextLook || now < this.#nextLook - LOOK_MS) this.lookNow()
  }

  /** Looks like {@link look}, however short a time ago the last look was. */
  lookNow(): void {
    if (!this.#link.isOpen || !this.#isIdle) return
    this.#nextLook = performance.now() + LOOK_MS
    const isReplaced = this.#link.letGoOfReplaced()
    const before = this.#schemaVersion
    this.#schemaVersion = isReplaced ? undefined : this.#readSchemaVersion()
    const isReset =
      before !== undefined && this.#schemaVersion !== undefined && this.#schemaVersion !== before
    if (isReplaced && damageChannel.hasSubscribers)
      damageChannel.publish({ store: this.#link.patience.store, reason: 'replaced' })
    if (isReplaced || isReset) this.replaced()
  }

  /**
   * Calls `listener` whenever what the database held may be gone: it was removed, replaced or reset, by whichever
   * process. Returns the function that ends that.
   */
  onReplaced(listener: () => void): () => void {
    this.#replacementListeners.add(listener)
    return () => this.#replacementListeners.delete(listener)
  }

  /** Tells all listeners that what the database held may be gone. */
  replaced(): void {
    for (const listener of [...this.#replacementListeners]) this.#applySafely(listener)
  }

  /**
   * Runs `attempt` and returns what it returns; runs it again when it failed because of damage that has been mended
   * since. An attempt that fails in this way must have had no effect.
   */
  mending<T>(attempt: () => T): T {
    for (let isFirst = true; ; isFirst = false) {
      const before = this.#mended
      try {
        const result = attempt()
        if (!isFirst) this.#link.succeeded()
        return result
      } catch (error) {
        if (this.#depth > 0 || this.#mended === before) throw error
      }
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
    if (this.interlude !== undefined) this.#interrupt(this.interlude)
    return this.#outermost(body)
  }

  /**
   * Runs `body` like {@link transact} and returns `true`, or does nothing and returns `false` when the lock is not
   * free or the connection closed. After damage that could be mended, the body is run again.
   */
  tryTransact(body: () => void): boolean {
    if (!this.isOpen || this.readonly || this.#inSnapshot) return false
    if (this.#depth > 0) {
      this.#nested(body)
      return true
    }
    return this.mending(() => {
      if (!this.#begin.tryRun()) return false
      this.#outermost(body)
      return true
    })
  }

  /** Runs `body` so that it throws `ERR_DISKCACHE_TIMEOUT` at once where it would have to wait for another process. */
  withoutWaiting<T>(body: () => T): T {
    return this.withTimeout(0, body)
  }

  /** Runs `body` with another limit to how long it may wait for other processes, in milliseconds. */
  withTimeout<T>(limit: number, body: () => T): T {
    const { timeout } = this.#link.patience
    this.#link.patience.timeout = limit
    try {
      return body()
    } finally {
      this.#link.patience.timeout = timeout
    }
  }

  /** Runs `body`, which only reads, so that all its queries see one moment of the database. */
  snapshot<T>(body: () => T): T {
    if (this.#depth > 0 || this.#inSnapshot) return body()
    return this.mending(() => {
      this.#beginRead.run()
      this.#inSnapshot = true
      try {
        return body()
      } catch (error) {
        this.#abandonSnapshot()
        this.#mend(error)
        throw error
      } finally {
        if (this.#inSnapshot) this.#endSnapshot()
      }
    })
  }

  /** Runs `effect` once the outermost transaction is committed, unless the part under way is rolled back. */
  afterCommit(effect: () => void): void {
    this.#effects.push({ outcome: 'commit', apply: effect })
  }

  /** Runs `effect` when the part of the transaction under way is rolled back, alone or with what is around it. */
  afterRollback(effect: () => void): void {
    this.#effects.push({ outcome: 'rollback', apply: effect })
  }

  /**
   * Runs `body` and returns what it returns; what cannot be mended in an instant is left to {@link mendDeferred}, so
   * that the body fails meanwhile.
   */
  deferringRepairs<T>(body: () => T): T {
    return this.#link.deferringRepairs(body)
  }

  /** Whether something waits for {@link mendDeferred}. */
  get isMendDeferred(): boolean {
    return this.#link.isMendDeferred
  }

  /**
   * Mends what was left, without keeping the event loop busy for long, and resolves to whether to try again; `false`
   * when nothing was left, or nothing helps.
   */
  mendDeferred(): Promise<boolean> {
    return this.#link.mendDeferred()
  }

  /** Makes the database anew because of `error`, outside transactions, and returns whether that was allowed. */
  reset(error: unknown): boolean {
    return this.#link.reset(error)
  }

  /**
   * Writes all pages of this database over that in `file`, as one transaction of SQLite, whatever stands there, unless
   * `isWanted` returns `false` once the lock is held; returns what that returned. Waits for the lock for at most
   * `timeout` milliseconds.
   */
  writeOver(file: string, timeout: number, isWanted: () => boolean): Work<boolean> {
    const isInVain = () => isInTransaction(file)
    const patience = { timeout, store: dirname(file), readonly: false, isInVain }
    return writePagesOver(this.#link.handle, file, { patience, isWanted })
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** Closes the connection. A second call does nothing. */
  close(): void {
    if (!this.isOpen) return
    if (this.#depth > 0) {
      throw new DiskCacheError('ERR_DISKCACHE_REENTRANT', 'Cannot close: a transaction is under way')
    }
    this.#isOpen = false
    this.#link.close()
  }

  /** Whether neither a transaction nor a snapshot is under way, so that the handle may be let go. */
  get #isIdle(): boolean {
    return this.#depth === 0 && !this.#inSnapshot
  }

  /** Ends a snapshot in which something has failed, so that nothing hides why. */
  #abandonSnapshot(): void {
    this.#inSnapshot = false
    try {
      this.#rollback.run()
    } catch {
      // SQLite ends it by itself where it finds damage.
    }
  }

  #endSnapshot(): void {
    this.#inSnapshot = false
    this.#commit.run()
  }

  #mend(error: unknown): void {
    if (this.#link.mend(error)) this.#mended++
  }

  /** Returns a number that is another one after the database was reset; `undefined` when it cannot be read now. */
  #readSchemaVersion(): bigint | undefined {
    try {
      return this.withoutWaiting(() => this.#schema.get()?.schema_version)
    } catch {
      // Whatever it is, the operation that asked for the look will meet it.
      return undefined
    }
  }

  #interrupt(interlude: () => boolean): void {
    const { patience } = this.#link
    const wait = new LockWait(patience)
    try {
      for (;;) {
        this.#rollback.run()
        if (interlude()) break
        wait.sleep()
        this.#begin.run()
      }
    } catch (error) {
      // Who does not wait comes back; anybody else goes on without.
      if (patience.timeout === 0) throw error
    }
    this.interlude = undefined
    this.#begin.run()
  }

  #outermost<T>(body: () => T): T {
    this.#depth = 1
    try {
      const result = refusePromise('run the transaction', body())
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
      if (this.#link.handle.inTransaction) this.#rollback.run()
      this.#settle(0, 'rollback')
      this.#mend(error)
      throw error
    }
  }

  #nested<T>(body: () => T): T {
    this.#checkAlive()
    const mark = this.#effects.length
    this.#savepoint.run()
    this.#depth++
    try {
      const result = refusePromise('run the transaction', body())
      this.#checkAlive()
      this.#release.run()
      return result
    } catch (error) {
      if (this.#link.handle.inTransaction) {
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
    for (const effect of effects) if (effect.outcome === outcome) this.#applySafely(effect.apply)
  }

  #applySafely(effect: () => void): void {
    try {
      effect()
    } catch (error) {
      errorChannel.publish({ store: this.#link.patience.store, reason: 'failed', error })
    }
  }

  #checkWritable(): void {
    if (this.readonly) throw readonlyError()
  }

  /** After an error that made SQLite roll back, further writes would each commit by themselves. */
  #checkAlive(): void {
    if (this.#link.handle.inTransaction) return
    throw new DiskCacheError(
      'ERR_DISKCACHE_ENGINE',
      'Cannot go on: the transaction was rolled back by an earlier error',
    )
  }
}
