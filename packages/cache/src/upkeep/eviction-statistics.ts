import type { Evictions } from '@diskcache/core'
import { countsReads, EvictionCounts, type PastUse } from '@diskcache/core/sqlite'
import type { CacheContext } from '../context/cache-context.ts'
import type { Victim } from './s3-fifo.ts'

/** The ages by which evicted entries are counted, and the seconds that each is longer than. */
const AGES = { second: 0, minute: 1, hour: 60, day: 3_600, week: 86_400, older: 604_800 } as const

/** The hits by which evicted entries are counted, the last for all others, too. */
const HITS = ['none', 'one', 'more'] as const

const AGE_NAMES = Object.keys(AGES) as (keyof typeof AGES)[]

/** Counts what is evicted, by age and by hits, where statistics are on. The counts are those of all processes. */
export class EvictionStatistics {
  readonly #context: CacheContext
  readonly #stored: EvictionCounts
  /** What this transaction has evicted: a number for each age, then one for each number of hits. */
  #counts = noCounts()

  constructor(context: CacheContext) {
    this.#context = context
    this.#stored = new EvictionCounts(context.directory.connection)
  }

  /** Counts an entry that is about to be evicted. `now` is in seconds. */
  note(victim: Victim, now: number): void {
    if (!this.#context.directory.settings.statistics) return
    const past = this.#stored.pastUse(victim.rowid)
    const age = now - Number(past?.storeTime)
    const place = AGE_NAMES.findLastIndex((name) => age >= AGES[name])
    this.#increment(Math.max(0, place))
    const hits = this.#hitsOf(victim, past)
    // A damaged row may say anything.
    if (hits !== undefined && hits >= 0) this.#increment(AGE_NAMES.length + Math.min(hits, HITS.length - 1))
  }

  /** Returns the hits of an entry, `undefined` where the policy does not count them. */
  #hitsOf({ rowid, uses }: Victim, past: PastUse | undefined): number | undefined {
    const { accessBuffer, directory } = this.#context
    if (!countsReads(directory.settings.evictionPolicy)) return uses
    return Number(past?.accessCount) + accessBuffer.take(rowid)
  }

  /** Stores what was counted, inside the transaction of the evictions. */
  settle(): void {
    if (this.#isEmpty) return
    this.#stored.add(this.#counts)
    this.#counts = noCounts()
  }

  /** Returns what was counted and stored, `undefined` where that is nothing. */
  read(): Evictions | undefined {
    const counts = this.#stored.read()
    if (counts.length < AGE_NAMES.length) return undefined
    const from = (names: readonly string[], first: number) =>
      Object.fromEntries(names.map((name, i) => [name, counts[first + i] ?? 0]))
    return {
      count: counts.slice(0, AGE_NAMES.length).reduce((sum, count) => sum + count, 0),
      byAge: from(AGE_NAMES, 0) as Evictions['byAge'],
      byHits: from(HITS, AGE_NAMES.length) as Evictions['byHits'],
    }
  }

  /** Forgets what was counted, inside a transaction. */
  reset(): void {
    this.#stored.reset()
  }

  get #isEmpty(): boolean {
    return this.#counts.every((count) => count === 0)
  }

  #increment(index: number): void {
    if (this.#isEmpty)
      this.#context.directory.connection.afterRollback(() => {
        this.#counts = noCounts()
      })
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
  }
}

function noCounts(): number[] {
  return new Array<number>(AGE_NAMES.length + HITS.length).fill(0)
}
