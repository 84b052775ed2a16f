import type { EncodedKey } from '@diskcache/core'
import {
  type Candidate,
  type EvictionPolicy,
  isOvertaken,
  needsIndex,
  type SizedRow,
  sparesReadEntries,
  VictimQueries,
} from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import { EXACT_ROWS } from './exact-rows.ts'
import { S3Fifo, type Victim } from './s3-fifo.ts'
import { ShareVictims } from './share-victims.ts'

/** The number of rows that a search looks at for each one that it keeps. */
const SHARE = 16

/** The number of rows that one search finds where new entries may come before them. */
const FEW = 16

/** The number of rows that are enough where there is an index: one to evict, and one more, if the first must stay. */
const PAIR = 2

/**
 * Finds the next victims. A search finds many at a time and keeps them, so that there need be no index of the
 * policy's order, for which every write would have to pay. Each is confirmed before it is evicted: a row that was
 * used or renewed meanwhile is passed over. Reads that are only noted in memory count, too.
 *
 * Up to some thousand entries the order is exact. Above, those go that come first in a sample of five hundred, as in
 * Redis (https://redis.io/docs/latest/develop/reference/eviction/), which takes five.
 */
export class VictimPool {
  readonly #context: CacheContext
  readonly #share: ShareVictims
  readonly #s3Fifo: S3Fifo
  #policy: EvictionPolicy | undefined
  #queries: VictimQueries | undefined
  /** The candidates, backwards: the first to go stands last. */
  #found: Candidate[] = []

  constructor(context: CacheContext) {
    this.#context = context
    this.#share = new ShareVictims(context)
    this.#s3Fifo = new S3Fifo(context)
  }

  /**
   * Returns the next victim, inside a transaction, other than the entry with the rowid `except`, or `undefined` when
   * all others are pinned or the policy evicts nothing. Entries that exceed the share of their pins come first. The caller removes the victim before it asks again. O(1) on
   * average; a search takes some milliseconds at most, unless nearly all entries are pinned.
   */
  next(policy: EvictionPolicy, except?: bigint): Victim | undefined {
    if (policy === 'none') return undefined
    if (policy === 's3-fifo') return this.#share.next(except) ?? this.#s3Fifo.next(except)
    const queries = this.#queriesFor(policy)
    const found = this.#share.next(except) ?? this.#confirm(queries, policy, except)
    if (found !== undefined) return found
    this.#context.accessBuffer.write()
    this.#found = this.#search(queries, policy).reverse()
    return this.#confirm(queries, policy, except)
  }

  /** Returns what the policy keeps of an entry that is inserted, the content of the column `access_count`. */
  usesOfNew(key: EncodedKey): number {
    return this.#context.directory.settings.evictionPolicy === 's3-fifo' ? this.#s3Fifo.usesOfNew(key) : 0
  }

  /** Stores, inside the transaction of evictions, what other processes must know of them. */
  settle(): void {
    this.#s3Fifo.settle()
  }

  /** Stores what is only known in memory of past evictions, if the lock is free. It never throws. */
  flush(): void {
    this.#s3Fifo.flush()
  }

  /** Forgets what is known of rows that may be gone. */
  forget(): void {
    this.#found = []
    this.#s3Fifo.forget()
  }

  #queriesFor(policy: EvictionPolicy): VictimQueries {
    if (this.#queries === undefined || policy !== this.#policy) {
      this.#policy = policy
      this.#queries = new VictimQueries(this.#context.directory.connection, policy)
      this.#found = []
    }
    // A new entry may come before the candidates.
    if (needsIndex(policy)) this.#found = []
    return this.#queries
  }

  #confirm(queries: VictimQueries, policy: EvictionPolicy, except: bigint | undefined): SizedRow | undefined {
    const isSparing = sparesReadEntries(policy)
    for (let candidate = this.#found.pop(); candidate !== undefined; candidate = this.#found.pop()) {
      const { rowid } = candidate
      if (rowid === except || (isSparing && this.#context.accessBuffer.has(rowid))) continue
      const victim = queries.confirm(candidate)
      if (victim !== undefined) return victim
    }
    return undefined
  }

  #search(queries: VictimQueries, policy: EvictionPolicy): Candidate[] {
    if (needsIndex(policy)) return queries.first(PAIR)
    const count = this.#context.directory.counter('count')
    const share = Math.max(PAIR, Math.ceil(Math.min(count, EXACT_ROWS) / SHARE))
    const few = isOvertaken(policy) ? Math.min(share, FEW) : share
    if (count <= EXACT_ROWS) return queries.first(few)
    const sampled = queries.sample(Math.min(few, VictimQueries.SAMPLE / SHARE))
    return sampled.length > 0 ? sampled : queries.first(few)
  }
}
