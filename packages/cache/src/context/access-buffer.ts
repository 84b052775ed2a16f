import { errorChannel } from '@diskcache/core'
import {
  type CacheDirectory,
  countsReads,
  type EntryRow,
  type EvictionPolicy,
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
 * perhaps. What is read after that is not looked up, and counts when it is read again.
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
  /** By the rowid, as a number: a bigint is hashed anew at each look. */
  #rows = new Map<number, Reads>()
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

  /** Returns whether reads make a difference to anything, so that they must be noted. */
  needs({ statistics, evictionPolicy }: Settings): boolean {
    return statistics || (evictionPolicy === 's3-fifo' ? this.notesUses : countsReads(evictionPolicy))
  }

  /** Notes a hit on the row, or a miss. `now` is in seconds. */
  note(row: ReadRow | undefined, now: number, { statistics, evictionPolicy }: Settings): void {
    const isNoted = row !== undefined && this.#noteRow(row, now, evictionPolicy)
    if (!statistics && !isNoted) return
    if (statistics && row === undefined) this.#misses++
    else if (statistics) this.#hits++
    if (this.#timer === undefined) this.#start()
    // A loop that never yields keeps the timer from firing.
    else if (this.#rows.size >= FLUSH_ROWS || performance.now() - this.#flushTime >= FLUSH_MS) this.flush()
  }

  /** Returns whether the row was read since the buffer was last written. */
  has(rowid: bigint): boolean {
    return this.#rows.has(Number(rowid))
  }

  /** Returns how often the row was read since the buffer was last written, and forgets it. */
  take(rowid: bigint): number {
    const id = Number(rowid)
    const count = this.#rows.get(id)?.count
    if (count === undefined) return 0
    this.#rows.delete(id)
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
    for (const [id, { time, count }] of rows) {
      if (isUses) entries.noteUses(BigInt(id), count)
      else entries.noteReads(BigInt(id), time, count)
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

  #restore(rows: Map<number, Reads>, hits: number, misses: number): void {
    for (const [id, reads] of this.#rows) rows.set(id, reads)
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

  /** Notes a read of the row, if it makes a difference to the policy, and returns whether it does. */
  #noteRow({ rowid, accessCount }: ReadRow, now: number, policy: EvictionPolicy): boolean {
    const id = Number(rowid)
    // A larger one, which no cache gives, would be that of another row.
    if (!Number.isSafeInteger(id)) return false
    if (policy === 's3-fifo') return this.#noteUse(id, accessCount, now)
    if (!countsReads(policy)) return false
    this.#add(id, this.#rows.get(id), now)
    return true
  }

  #noteUse(id: number, accessCount: unknown, now: number): boolean {
    if (!this.notesUses || this.#rows.size >= MOST_USED_ROWS) return false
    const uses = usesOf(accessCount)
    if (uses === MOST_USES || this.#directory.connection.readonly) return false
    const reads = this.#rows.get(id)
    if (reads !== undefined && uses + reads.count >= MOST_USES) return false
    this.#add(id, reads, now)
    return true
  }

  #add(id: number, reads: Reads | undefined, now: number): void {
    if (reads === undefined) this.#rows.set(id, { time: now, count: 1 })
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
