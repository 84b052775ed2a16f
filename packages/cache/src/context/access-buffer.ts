import { errorChannel } from '@diskcache/core'
import {
  type CacheDirectory,
  countsReads,
  type EntryRow,
  MOST_USES,
  type Settings,
  usesOf,
} from '@diskcache/core/sqlite'

/** The time for which reads stay in memory, in milliseconds. */
const FLUSH_MS = 1_000

/** The number of rows that are noted before a flush is tried, and the most that are noted at all. */
const FLUSH_ROWS = 10_000
const MAX_BUFFERED_ROWS = 20_000

/**
 * The most rows whose uses are noted for the policy `s3-fifo` between two flushes: each of them is a page to be written,
 * perhaps. What is read when there are more waits until it is read again.
 */
const MOST_USED_ROWS = 2_048

/** What is noted of a row that was read. */
export type ReadRow = Pick<EntryRow, 'rowid' | 'accessCount'>

/** The reads of one row that are not written yet. */
interface Reads {
  /** The moment of the last one, in seconds since the epoch. */
  time: number
  count: number
}

/**
 * Collects hits, misses and accesses, which `statistics` and some eviction policies need, in memory and writes them
 * together, so that a read costs no write. A flush never waits for the lock; what it cannot write stays in the
 * buffer.
 */
export class AccessBuffer {
  readonly #directory: CacheDirectory
  /** Whether uses are noted for the policy `s3-fifo`: not while everything fits in. */
  notesUses = false
  #rows = new Map<bigint, Reads>()
  #hits = 0
  #misses = 0
  #timer: NodeJS.Timeout | undefined
  #flushTime = 0

  constructor(directory: CacheDirectory) {
    this.#directory = directory
  }

  get hits(): number {
    return this.#hits
  }

  get misses(): number {
    return this.#misses
  }

  /** The number of rows that were read since the buffer was last written. */
  get size(): number {
    return this.#rows.size
  }

  /** Notes a hit on the row, or a miss. `now` is in seconds. */
  note(row: ReadRow | undefined, now: number, { statistics, evictionPolicy }: Settings): void {
    const counts =
      row !== undefined && (evictionPolicy === 's3-fifo' ? this.#isNews(row) : countsReads(evictionPolicy))
    if (!statistics && !counts) return
    if (statistics && row === undefined) this.#misses++
    else if (statistics) this.#hits++
    if (counts) this.#noteRow(row.rowid, now)
    if (this.#timer === undefined) this.#start()
    // A loop that never yields keeps the timer from firing.
    else if (this.#rows.size >= FLUSH_ROWS || performance.now() - this.#flushTime >= FLUSH_MS) this.flush()
  }

  /** Returns whether the row was read since the buffer was last written. */
  has(rowid: bigint): boolean {
    return this.#rows.has(rowid)
  }

  /** Returns how often the row was read since the buffer was last written, and forgets it. */
  take(rowid: bigint): number {
    const count = this.#rows.get(rowid)?.count
    if (count === undefined) return 0
    this.#rows.delete(rowid)
    return count
  }

  /** Writes the buffer, if the lock is free. It never throws: reads must not fail because of it. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#isEmpty) return
    try {
      if (this.#directory.connection.tryTransact(() => this.write())) return
    } catch (error) {
      errorChannel.publish({ store: this.#directory.path, reason: 'failed', error })
    }
    this.#postpone()
  }

  /** Writes the buffer, inside a transaction. When the transaction is undone, the buffer is as before. */
  write(): void {
    const { connection, entries } = this.#directory
    if (connection.readonly || this.#isEmpty) return
    const rows = this.#rows
    const hits = this.#hits
    const misses = this.#misses
    this.reset()
    connection.afterRollback(() => this.#restore(rows, hits, misses))
    const isUses = this.#directory.settings.evictionPolicy === 's3-fifo'
    for (const [rowid, { time, count }] of rows) {
      if (isUses) entries.noteUses(rowid, count)
      else entries.noteReads(rowid, time, count)
    }
    if (hits > 0) this.#directory.addToCounter('hits', hits)
    if (misses > 0) this.#directory.addToCounter('misses', misses)
  }

  /** Forgets which rows were read: they are gone. Hits and misses stay. */
  forgetRows(): void {
    this.#rows = new Map()
  }

  reset(): void {
    this.forgetRows()
    this.#hits = 0
    this.#misses = 0
  }

  get #isEmpty(): boolean {
    return this.#rows.size === 0 && this.#hits === 0 && this.#misses === 0
  }

  #restore(rows: Map<bigint, Reads>, hits: number, misses: number): void {
    for (const [rowid, reads] of this.#rows) rows.set(rowid, reads)
    this.#rows = rows
    this.#hits += hits
    this.#misses += misses
  }

  /** Empties the buffer without writing it, and leaves no timer behind. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.reset()
  }

  /** Returns whether a use of the row makes a difference to the policy `s3-fifo`. */
  #isNews({ rowid, accessCount }: ReadRow): boolean {
    if (!this.notesUses) return false
    const uses = usesOf(accessCount)
    if (uses === MOST_USES || this.#directory.connection.readonly) return false
    const reads = this.#rows.get(rowid)
    return reads === undefined ? this.#rows.size < MOST_USED_ROWS : uses + reads.count < MOST_USES
  }

  #noteRow(rowid: bigint, now: number): void {
    const reads = this.#rows.get(rowid)
    if (reads === undefined) this.#rows.set(rowid, { time: now, count: 1 })
    else {
      reads.time = now
      reads.count++
    }
  }

  #postpone(): void {
    if (this.#rows.size > MAX_BUFFERED_ROWS) this.#rows.clear()
    this.#start()
  }

  #start(): void {
    this.#flushTime = performance.now()
    this.#timer = setTimeout(() => this.flush(), FLUSH_MS).unref()
  }
}
