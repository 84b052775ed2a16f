import type { EncodedKey } from '@diskcache/core'
import {
  isInMain,
  MAIN_QUEUE,
  MOST_USES,
  type SizedRow,
  SweepQueries,
  type SweptRow,
  usesOf,
} from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import { GhostStore } from './ghost-store.ts'

/** The part of the rows that are the small queue, those in it that are marked included. */
const SMALL_PART = 0.15

/** The uses by which an entry gets from the small queue into the main queue. */
const PROMOTING_USES = 2

/** The most rows that are looked at for one victim. */
const MOST_LOOKS = 64

/**
 * The looks in vain, one after the other, after which nobody is left in the main queue: two are the end of a round and the
 * row that must stay.
 */
const MOST_MISSES = 3

/** The number of victims after which the entries are counted again. */
const VICTIMS_PER_COUNT = 64

/** The part of the entries whose noted reads make an eviction write them down, for other processes, and the most. */
const NOTED_PART = 1 / 32
const MOST_NOTED = 1_024

/** A row that makes room. */
export interface Victim extends SizedRow {
  /** How often its entry was used, where the policy `s3-fifo` knows that. */
  readonly uses?: number
}

/**
 * Finds victims by S3-FIFO (Yang and others, "FIFO queues are all you need for cache eviction", SOSP 2023): new entries
 * stand in a small queue, and whoever was not used twice when its turn comes goes, and is remembered. Others get into
 * the main queue, as do those that come back while they are remembered; there an entry goes when its turn comes and it
 * was not used since the last one.
 *
 * Rows do not move: their numbers are the order of insertion. The small queue is what is newer than a position, without
 * the rows that are marked; a hand goes round in the others. Who is marked, and used how often, stands in the rows;
 * reads that are only noted in memory count, too.
 */
export class S3Fifo {
  readonly #context: CacheContext
  readonly #queries: SweepQueries
  readonly #ghosts: GhostStore
  /** Whether the position is that of the transaction under way. */
  #isFollowing = false
  /** The rowid up to which the small queue was looked through. */
  #looked = 0n
  /** The rowid up to which the main queue was looked through, in the present round. */
  #hand = 0n
  #newest = 0n
  /** The number of rows of the small queue. */
  #smallSize = 1
  /** The number of reads that may be noted before they are written. */
  #mostNoted = 0
  #victimsLeft = 0

  constructor(context: CacheContext) {
    this.#context = context
    this.#queries = new SweepQueries(context.directory.connection)
    this.#ghosts = new GhostStore(context.directory, this.#queries)
  }

  /** Returns what is kept of an entry that is inserted, the content of the column `access_count`. */
  usesOfNew(key: EncodedKey): number {
    return this.#ghosts.take(key) ? MAIN_QUEUE : 0
  }

  /**
   * Returns the next victim, inside a transaction, other than the entry with the rowid `except`, or `undefined` when all
   * others are pinned. The caller removes the victim before it asks again. O(1)
   */
  next(except?: bigint): Victim | undefined {
    if (--this.#victimsLeft < 0) this.#count()
    this.#follow()
    let least: { readonly row: SweptRow; readonly uses: number } | undefined
    let misses = 0
    for (let looks = 0; looks < MOST_LOOKS && misses < MOST_MISSES; looks++) {
      if (this.#newest - this.#looked > this.#smallSize) {
        const victim = this.#lookAtSmall(except)
        if (victim !== undefined) return victim
        continue
      }
      const row = this.#nextOfMain(except)
      misses = row === undefined ? misses + 1 : 0
      if (row === undefined) continue
      const uses = this.#takeUses(row)
      if (uses === 0) return { ...row, uses: PROMOTING_USES }
      this.#queries.setAccessCount(row.rowid, MAIN_QUEUE + uses - 1)
      if (least === undefined || uses < least.uses) least = { row, uses }
    }
    return least === undefined ? this.#first(except) : { ...least.row, uses: PROMOTING_USES }
  }

  /** Stores, inside the transaction of evictions, what other processes must know of them. */
  settle(): void {
    if (!this.#isFollowing) return
    this.#ghosts.store()
    this.#storePosition()
  }

  /** Stores what is only known in memory, if the lock is free. It never throws. */
  flush(): void {
    this.#ghosts.flush(() => {
      this.#follow()
      this.#ghosts.storeAll()
      this.#storePosition()
    })
  }

  /** Forgets what is known of rows that may be gone. */
  forget(): void {
    this.#isFollowing = false
    this.#victimsLeft = 0
    this.#ghosts.clear()
  }

  /** Looks, once in each transaction, where the sweep stands, since other processes move it, too. */
  #follow(): void {
    if (this.#isFollowing) return
    const { accessBuffer, directory } = this.#context
    const { looked, hand, ghosts, newest } = this.#queries.position()
    this.#looked = least(looked, newest)
    this.#hand = hand
    this.#newest = newest
    this.#ghosts.follow(ghosts)
    this.#isFollowing = true
    const stop = () => {
      this.#isFollowing = false
    }
    directory.connection.afterCommit(stop)
    directory.connection.afterRollback(stop)
    if (accessBuffer.size > this.#mostNoted) accessBuffer.write()
  }

  #count(): void {
    const count = this.#context.directory.counter('count')
    this.#smallSize = Math.max(1, count * SMALL_PART)
    this.#mostNoted = Math.min(count * NOTED_PART, MOST_NOTED)
    this.#ghosts.resize(count)
    this.#victimsLeft = VICTIMS_PER_COUNT
  }

  /** Looks at the next row of the small queue, and returns it if it is a victim. */
  #lookAtSmall(except: bigint | undefined): Victim | undefined {
    const row = this.#queries.next(this.#looked)
    this.#looked = row?.rowid ?? this.#newest
    if (row === undefined || isInMain(row.accessCount)) return undefined
    const uses = this.#takeUses(row)
    if (uses < PROMOTING_USES && row.rowid !== except) {
      this.#ghosts.add(row)
      return { ...row, uses }
    }
    this.#queries.setAccessCount(row.rowid, MAIN_QUEUE)
    return undefined
  }

  /** Returns the next row of the main queue, `undefined` at the end of a round and for the row that must stay. */
  #nextOfMain(except: bigint | undefined): SweptRow | undefined {
    const row = this.#queries.next(this.#hand)
    const isEnd = row === undefined || row.rowid > this.#looked
    this.#hand = isEnd ? 0n : row.rowid
    return isEnd || row.rowid === except ? undefined : row
  }

  #takeUses({ rowid, accessCount }: SweptRow): number {
    return Math.min(MOST_USES, usesOf(accessCount) + this.#context.accessBuffer.take(rowid))
  }

  /** Returns the oldest row, for when many were looked at in vain. */
  #first(except: bigint | undefined): SweptRow | undefined {
    const row = this.#queries.next(0n)
    return row !== undefined && row.rowid === except ? this.#queries.next(except) : row
  }

  #storePosition(): void {
    this.#queries.setPosition({ looked: this.#looked, hand: this.#hand, ghosts: this.#ghosts.newest })
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
