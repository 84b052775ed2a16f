import { type Candidate, type SizedRow, VictimQueries } from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import { EXACT_ROWS } from './exact-rows.ts'

/** The part of the size limit that the share may take, and of `maxEntries`. */
const PART = 1 / 16

/** The fewest bytes that a row takes, with its part of the indexes: about those of a recipe's. */
const FEWEST_BYTES = 256

/**
 * The evictions after which the share is looked at again: fewer in a small share, which is soon exceeded, and never more
 * than it may hold, since each of them may have made room for one of its entries.
 */
const ROWS_PER_EVICTION = 4
const FEWEST_EVICTIONS = 16
const MOST_EVICTIONS = 512

/** The part of what the share may hold that stays when it is exceeded, so that it is not looked at all the time. */
const REST = 7 / 8

/**
 * Finds the entries that are pinned within their share and exceed it: the oldest of them. Up to some thousand entries
 * it counts; above, it judges by a sample.
 */
export class ShareVictims {
  readonly #context: CacheContext
  readonly #queries: VictimQueries
  /** Those that are to go, backwards. */
  #found: Candidate[] = []
  #evictionsLeft = 0

  constructor(context: CacheContext) {
    this.#context = context
    this.#queries = new VictimQueries(context.directory.connection, 'least-recently-stored', 'share')
  }

  /** Returns the next entry that exceeds the share, other than that with the rowid `except`, or `undefined`. */
  next(except: bigint | undefined): SizedRow | undefined {
    if (this.#found.length === 0 && --this.#evictionsLeft < 0) this.#look()
    for (let candidate = this.#found.pop(); candidate !== undefined; candidate = this.#found.pop()) {
      // Where one was found there may soon be more.
      this.#evictionsLeft = 0
      const victim = candidate.rowid === except ? undefined : this.#queries.confirm(candidate)
      if (victim !== undefined) return victim
    }
    return undefined
  }

  #look(): void {
    const { directory } = this.#context
    const { sizeLimit, maxEntries } = directory.settings
    const count = directory.counter('count')
    const isExact = count <= EXACT_ROWS
    const rows = isExact ? this.#queries.first(EXACT_ROWS) : this.#queries.sample(VictimQueries.SAMPLE)
    const sum = rows.reduce((sum, { bytes }) => sum + Number(bytes), 0)
    const bytesPerRow = Math.max(FEWEST_BYTES, sum / rows.length || 0)
    const most = PART * Math.min(sizeLimit / bytesPerRow, maxEntries)
    const share = isExact ? rows.length : (rows.length / VictimQueries.SAMPLE) * count
    const excess = share > most ? 1 - (most * REST) / share : 0
    this.#found = rows.slice(0, Math.ceil(rows.length * excess)).reverse()
    this.#evictionsLeft = Math.min(most, MOST_EVICTIONS, Math.max(FEWEST_EVICTIONS, most / ROWS_PER_EVICTION))
  }
}
