import type { Connection } from '../connection/connection.ts'
import type { Query } from '../connection/query.ts'

/** What tells of an entry, before it is evicted, how it was used. */
export interface PastUse {
  /** The moment at which it was stored, in seconds since the epoch; a number, unless the row is damaged. */
  readonly storeTime: unknown
  /** The number of reads since, where the policy counts them; a bigint, unless the row is damaged. */
  readonly accessCount: unknown
}

/** The name of the setting with the counts: numbers, one after the other. */
const COUNTS_ROW = 'node_evictions'

/** The most characters that are read of what is damaged. */
const LONGEST_COUNTS = 256

const PAST_USE = 'SELECT store_time AS storeTime, access_count AS accessCount FROM Cache WHERE rowid = ?'

const COUNTS = `SELECT substr(value, 1, ${LONGEST_COUNTS}) AS text FROM Settings WHERE key = '${COUNTS_ROW}'`

const SET_COUNTS = `INSERT OR REPLACE INTO Settings (key, value) VALUES ('${COUNTS_ROW}', ?)`

const FORGET_COUNTS = `DELETE FROM Settings WHERE key = '${COUNTS_ROW}'`

/** The counts of evictions, for all processes: as many numbers as the caller gives them meanings. */
export class EvictionCounts {
  readonly #pastUse: Query<PastUse>
  readonly #counts: Query<{ text: unknown }>
  readonly #setCounts: Query
  readonly #forgetCounts: Query

  /** Prepares the statements at their first use. */
  constructor(connection: Connection) {
    this.#pastUse = connection.query(PAST_USE)
    this.#counts = connection.query(COUNTS)
    this.#setCounts = connection.query(SET_COUNTS)
    this.#forgetCounts = connection.query(FORGET_COUNTS)
  }

  /** Returns how the entry of a row was used. */
  pastUse(rowid: bigint): PastUse | undefined {
    return this.#pastUse.get(rowid)
  }

  /** Returns the numbers that are stored, none where there are none or they are damaged. */
  read(): number[] {
    const text = this.#counts.get()?.text
    return typeof text === 'string' && /^\d{1,15}( \d{1,15})*$/.test(text) ? text.split(' ').map(Number) : []
  }

  /** Adds to the numbers that are stored, inside a transaction. */
  add(counts: readonly number[]): void {
    const stored = this.read()
    this.#setCounts.run(counts.map((count, i) => count + (stored[i] ?? 0)).join(' '))
  }

  /** Forgets the numbers. */
  reset(): void {
    this.#forgetCounts.run()
  }
}
