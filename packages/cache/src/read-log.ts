import { type CacheDirectory, countsReads, type Settings } from '@diskcache/core'

/** How long reads stay in memory, in milliseconds. */
const INTERVAL = 1_000

/** So many rows are noted before a flush is tried, and so many at most. */
const FLUSH_ROWS = 10_000
const MAX_ROWS = 20_000

interface Reads {
  /** Seconds. */
  time: number
  count: number
}

/**
 * Hits, misses and accesses, which `statistics` and some eviction policies need. They are collected in memory and
 * written together, so that a read costs no write. A flush never waits for the lock; what it cannot write stays.
 */
export class ReadLog {
  readonly #directory: CacheDirectory
  readonly #rows = new Map<bigint, Reads>()
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

  /** Notes a hit on the row, or a miss. `now` in seconds. */
  note(rowid: bigint | undefined, now: number, { statistics, evictionPolicy }: Settings): void {
    const counts = countsReads(evictionPolicy)
    if (!statistics && !counts) return
    if (statistics && rowid === undefined) this.#misses++
    else if (statistics) this.#hits++
    if (counts && rowid !== undefined) this.#noteRow(rowid, now)
    if (this.#timer === undefined) this.#start()
    // A loop that never yields keeps the timer from firing.
    else if (this.#rows.size >= FLUSH_ROWS || performance.now() - this.#flushTime >= INTERVAL) this.flush()
  }

  /** Writes what was collected, if the lock is free. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#rows.size === 0 && this.#hits === 0 && this.#misses === 0) return
    const done = this.#directory.connection.tryTransact(() => this.write())
    if (!done) this.#postpone()
  }

  /** Writes what was collected, inside a transaction. */
  write(): void {
    if (this.#directory.connection.readonly) return
    const { entries } = this.#directory
    for (const [rowid, { time, count }] of this.#rows) entries.noteReads(rowid, time, count)
    if (this.#hits > 0) this.#directory.addToCounter('hits', this.#hits)
    if (this.#misses > 0) this.#directory.addToCounter('misses', this.#misses)
    this.reset()
  }

  reset(): void {
    this.#rows.clear()
    this.#hits = 0
    this.#misses = 0
  }

  /** Forgets what was not written, and leaves no timer behind. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.reset()
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
    if (this.#rows.size > MAX_ROWS) this.#rows.clear()
    this.#start()
  }

  #start(): void {
    this.#flushTime = performance.now()
    this.#timer = setTimeout(() => this.flush(), INTERVAL).unref()
  }
}
