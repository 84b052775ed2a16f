import { statSync } from 'node:fs'
import { damageChannel, errorChannel } from '../../contract/diagnostics.ts'
import { hasCode } from '../../contract/errors.ts'
import { realTimers } from '../../waiting/real-timers.ts'
import { WaitTime } from '../../waiting/wait-time.ts'
import { Connection } from '../connection/connection.ts'
import { isDamage } from '../connection/damage-error.ts'
import type { ConnectionOptions } from '../connection/database-link.ts'
import { type Work, workInTurns, workNow } from '../connection/work.ts'
import { CODEC_ROW } from '../schema/codec-name.ts'
import { illegalSettings, type SettingRow, UNVERIFIED_ROW } from '../schema/settings.ts'
import { copyDamaged } from './damaged-copies.ts'
import { isDatabaseFile, mendHeader, pageSizeOf } from './database-header.ts'
import { emptyDatabase } from './empty-database.ts'
import { forgetLogIndex } from './log-index.ts'
import { salvage } from './salvage.ts'

/** What is done about a database that is damaged: nothing is kept from the caller, or it is mended, and made anew. */
export type CorruptPolicy = 'quarantine' | 'throw'

/** What is repaired, and for whom. */
export interface RepairOptions {
  /** The directory of the cache, for the channel. */
  readonly store: string
  /** The path of the database. */
  readonly file: string
  readonly connection: ConnectionOptions
  readonly policy: CorruptPolicy
  /** The name of the codec. */
  readonly codec: string
  /** Returns the settings to go on with where those in the database cannot be read. */
  knownSettings(): readonly SettingRow[]
  /** Is called when all entries are gone. */
  afterReset(): void
}

/**
 * The time for which a suspicion is kept, in milliseconds. What fails again within it is damage; a disk that failed
 * to read once is not.
 */
const SUSPICION_MS = 60_000

/** The pause after steps that have all failed, before they are taken again, at first and at most, in milliseconds. */
const FIRST_PAUSE_MS = 1_000
const LAST_PAUSE_MS = 64_000

/** The largest database whose entries are carried over, in bytes: they pass through memory. */
const MAX_SALVAGE_BYTES = 64 * 2 ** 20

/**
 * The same where the event loop may not wait: SQLite writes a log of that size back to the database in one piece, as it
 * does for every log that has grown to 8 MiB.
 */
const MAX_SALVAGE_BYTES_IN_TURNS = 2 * 2 ** 20

/** The largest database whose indexes are built anew while the event loop waits, in bytes. */
const MAX_REINDEX_BYTES = 4 * 2 ** 20

/** How long the promise face waits for other processes, and how long between two attempts, in milliseconds. */
const WAIT_MS = 10_000
const RETRY_MS = 10

/** The key of the row that says when a database was made anew. */
const RESET_ROW = 'node_reset'

const COUNTERS = new Set(['count', 'size', 'hits', 'misses'])

/**
 * Mends a database, one step at a time, for as long as the same thing fails again: a new handle, since a failed read
 * of the disk looks like damage; what every header has in common; the index of the log; the indexes, which nearly all
 * damage is in. What is left is copied aside, and an empty database is written over it in one transaction of SQLite's
 * own, so that other processes, Python's too, go on with the same file.
 */
export class Repair {
  readonly #options: RepairOptions
  readonly #steps: readonly ((error: unknown) => Work<boolean>)[]
  #next = 0
  /** The moment of the first failure, in epoch milliseconds. */
  #since = 0
  /** The moment of the last step, in epoch milliseconds, and how long nothing is done after the very last one. */
  #lastStep = 0
  #pause = FIRST_PAUSE_MS
  /** The work that is under way: the promise face begins it, and the synchronous one, or another promise, may end it. */
  #work: Work<boolean> | undefined
  /** The failure that waits for {@link mendDeferred}. */
  #deferred: { readonly error: unknown } | undefined
  #copy: { readonly path: string | undefined } | undefined
  #wasReset = false

  constructor(options: RepairOptions) {
    this.#options = options
    const steps = [
      (error: unknown) => this.#mendHeader(error),
      () => this.#forgetLogIndex(),
      (error: unknown) => this.#rebuildIndexes(error),
      (error: unknown) => this.#reset(error),
    ]
    const allowed = options.connection.readonly ? 0 : options.policy === 'throw' ? 3 : 4
    this.#steps = steps.slice(0, allowed)
  }

  /** Takes the next step after a failure, and returns whether to try again. */
  mend(error: unknown): boolean {
    if (this.#isFirst()) return true
    return this.#finish(() => workNow(this.#begin(error)))
  }

  /** Takes the next step if that is a matter of an instant, and leaves it to {@link mendDeferred} otherwise. */
  mendOrDefer(error: unknown): boolean {
    if (this.#isFirst()) return true
    this.#deferred = { error }
    return false
  }

  /** Whether a step waits for {@link mendDeferred}. */
  get isMendDeferred(): boolean {
    return this.#deferred !== undefined
  }

  /** Takes the step that was left, in slices, and resolves to whether to try again. */
  async mendDeferred(): Promise<boolean> {
    const deferred = this.#deferred
    if (deferred === undefined) return false
    const time = new WaitTime()
    for (;;) {
      const work = this.#begin(deferred.error)
      try {
        const result = await workInTurns(work, () => this.#work !== work)
        return result === undefined || this.#finish(() => result)
      } catch (failure) {
        this.#work = undefined
        if (!hasCode(failure, 'ERR_DISKCACHE_TIMEOUT') || time.passed > WAIT_MS) throw failure
        await realTimers.delay(RETRY_MS)
        time.add(RETRY_MS)
      }
    }
  }

  /** Makes the database anew at once, where that is allowed, and returns whether it is. */
  reset(error: unknown): boolean {
    if (this.#options.policy === 'throw' || this.#options.connection.readonly) return false
    this.#since = Date.now()
    return this.#finish(() => workNow(this.#reset(error)))
  }

  /** Forgets a suspicion, since what had failed works. */
  succeeded(): void {
    this.#since = 0
    this.#pause = FIRST_PAUSE_MS
  }

  /** Returns whether nothing failed before, so that a new handle may help: the first read of a disk may have failed. */
  #isFirst(): boolean {
    const now = Date.now()
    if (this.#isOver(now)) this.#pause = Math.min(this.#pause * 2, LAST_PAUSE_MS)
    else if (Math.abs(now - this.#since) <= SUSPICION_MS) return false
    this.#since = now
    this.#next = 0
    this.#copy = undefined
    return true
  }

  /** Returns whether all steps were taken in vain, and some time ago: other processes may have gone on to do damage. */
  #isOver(now: number): boolean {
    // Where nothing may be written there are none, and only the handle may help.
    if (this.#steps.length === 0) return false
    // A last step that is to come was before the clock was set back.
    return this.#next >= this.#steps.length && Math.abs(now - this.#lastStep) > this.#pause
  }

  #begin(error: unknown): Work<boolean> {
    this.#work ??= this.#takeSteps(error)
    return this.#work
  }

  /** Ends the work, whoever began it. */
  #finish(work: () => boolean): boolean {
    try {
      return work()
    } finally {
      this.#work = undefined
      this.#deferred = undefined
      if (this.#wasReset) this.#options.afterReset()
      this.#wasReset = false
    }
  }

  /** Takes steps until one has done something. */
  *#takeSteps(error: unknown): Work<boolean> {
    while (this.#next < this.#steps.length) {
      if (yield* this.#takeStep(this.#steps[this.#next], error)) return true
    }
    return false
  }

  *#takeStep(step: ((error: unknown) => Work<boolean>) | undefined, error: unknown): Work<boolean> {
    try {
      const isDone = step === undefined ? false : yield* step(error)
      this.#next++
      this.#lastStep = Date.now()
      return isDone
    } catch (failure) {
      // Another process may be at it.
      if (hasCode(failure, 'ERR_DISKCACHE_TIMEOUT')) throw failure
      this.#next++
      this.#lastStep = Date.now()
      errorChannel.publish({ store: this.#options.store, reason: 'failed', error: failure })
      return false
    }
  }

  *#mendHeader(error: unknown): Work<boolean> {
    yield
    if (!mendHeader(this.#options.file)) return false
    this.#tell({ reason: 'repaired', error })
    return true
  }

  *#forgetLogIndex(): Work<boolean> {
    yield
    return forgetLogIndex(this.#options.file)
  }

  *#rebuildIndexes(error: unknown): Work<boolean> {
    // It is one statement: where it may not take long, the rows are copied in slices instead.
    if (this.#deferred !== undefined && statSync(this.#options.file).size > MAX_REINDEX_BYTES) return false
    yield
    try {
      this.#onNewConnection((connection) => connection.execute('REINDEX'))
    } catch (failure) {
      if (isDamage(failure)) return false
      throw failure
    }
    this.#tell({ reason: 'repaired', error })
    return true
  }

  /** Makes the database anew. When another process has done that since the first failure, there is nothing to do. */
  *#reset(error: unknown): Work<boolean> {
    const { file, connection, codec } = this.#options
    if (!isDatabaseFile(file)) return false
    this.#copy ??= { path: yield* copyDamaged(file, Date.now()) }
    const stored = this.#storedSettings()
    const rows = this.#settings(stored)
    using empty = emptyDatabase({ engine: connection.engine, pageSize: pageSizeOf(file), rows, codec })
    const limit = this.#deferred === undefined ? MAX_SALVAGE_BYTES : MAX_SALVAGE_BYTES_IN_TURNS
    const kept = statSync(file).size <= limit ? yield* salvage(file, empty, stored === undefined) : 0
    const isWanted = () => this.#resetTime() < this.#since
    if (yield* empty.writeOver(file, this.#patience, isWanted)) {
      this.#tell({ reason: 'reset', error, copy: this.#copy.path, kept })
    }
    this.#wasReset = true
    return true
  }

  /** How long to wait for other processes: not at all where that would keep the event loop busy. */
  get #patience(): number {
    return this.#deferred === undefined ? this.#options.connection.timeout : 0
  }

  /** Returns the settings in the database that can be true, `undefined` where they cannot be read. */
  #storedSettings(): SettingRow[] | undefined {
    const rows = this.#read('SELECT key, value FROM Settings')?.filter(isPlausible)
    if (rows?.some(({ key }) => key === CODEC_ROW) !== true) return undefined
    const illegal = new Set([...illegalSettings(rows), ...COUNTERS, RESET_ROW])
    return rows.filter(({ key }) => !illegal.has(key))
  }

  /** Returns the settings to go on with: those that are stored, and those that are known for the others. */
  #settings(stored: readonly SettingRow[] | undefined): SettingRow[] {
    // Nobody can tell whether Python writes here, too, whose entries have no checksums.
    const rows = stored ?? [{ key: UNVERIFIED_ROW, value: 1n }]
    return [...this.#options.knownSettings(), ...rows, { key: RESET_ROW, value: BigInt(Date.now()) }]
  }

  #resetTime(): number {
    const [row] = this.#read(`SELECT key, value FROM Settings WHERE key = '${RESET_ROW}'`) ?? []
    return Number(row?.value ?? 0)
  }

  #read(sql: string): SettingRow[] | undefined {
    try {
      return this.#onNewConnection((connection) => connection.query<SettingRow>(sql).all())
    } catch {
      return undefined
    }
  }

  #onNewConnection<T>(body: (connection: Connection) => T): T {
    const { file, connection: options } = this.#options
    const connection = new Connection(file, { ...options, timeout: this.#patience })
    try {
      return body(connection)
    } finally {
      connection.close()
    }
  }

  #tell(message: {
    readonly reason: 'repaired' | 'reset'
    readonly error: unknown
    readonly copy?: string | undefined
    readonly kept?: number
  }): void {
    if (damageChannel.hasSubscribers) damageChannel.publish({ store: this.#options.store, ...message })
  }
}

function isPlausible({ key, value }: SettingRow): boolean {
  return typeof key === 'string' && ['string', 'number', 'bigint'].includes(typeof value)
}
