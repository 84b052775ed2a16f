import { hasCode } from '../../contract/errors.ts'
import type { Connection } from '../connection/connection.ts'
import { isDamage } from '../connection/damage-error.ts'
import type { Query } from '../connection/query.ts'
import type { Work } from '../connection/work.ts'

/** The most attempts that may fail before the rest is given up. */
const MAX_FAILURES = 5_000

const COLUMNS = `
  SELECT group_concat(name) AS columns FROM pragma_table_info('Cache')
  WHERE name IN (SELECT name FROM pragma_table_info('Cache', 'damaged'))`

const START = `
  SELECT MIN(rowid) AS start FROM
  (SELECT rowid FROM damaged.Cache NOT INDEXED WHERE rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?)`

const NEWEST = 'SELECT rowid AS newest FROM damaged.Cache NOT INDEXED ORDER BY rowid DESC LIMIT 1'

/** A rowid beyond all that a cache reaches. */
const LAST_ROWID = 2n ** 40n

/** The number of rows that are copied in one slice. */
const ROWS_PER_SLICE = 100n

/**
 * Copies the rows that can be read from a damaged database into an empty one in memory, and returns their number, 0
 * where nothing can. The indexes are left aside. Newer rows come first: of two with one key, which only damage brings
 * about, the newer stays.
 */
export function* salvage(file: string, into: Connection, isStrict: boolean): Work<number> {
  try {
    into.execute(`PRAGMA cell_size_check = ON; ATTACH '${file.replaceAll("'", "''")}' AS damaged`)
    const copy = new RowCopy(into, isStrict)
    yield* copy.run()
    into.execute('DETACH damaged')
    return copy.count
  } catch (error) {
    if (hasCode(error, 'ERR_DISKCACHE_TIMEOUT')) throw error
    return 0
  }
}

/** Copies rows by ranges of rowids; a range that cannot be read is halved. */
class RowCopy {
  readonly #copy: Query
  readonly #newest: Query<{ newest: bigint | null }>
  readonly #start: Query<{ start: bigint | null }>
  #failures = 0
  #count = 0

  constructor(connection: Connection, isStrict: boolean) {
    const condition = isStrict ? 'AND node_sum IS NOT NULL ' : ''
    const columns = connection.query<{ columns: string }>(COLUMNS).get()?.columns
    const rows = `SELECT ${columns} FROM damaged.Cache NOT INDEXED`
    this.#copy = connection.query(
      `INSERT OR IGNORE INTO main.Cache (${columns}) ${rows} WHERE rowid BETWEEN ? AND ? ${condition}ORDER BY rowid DESC`,
    )
    this.#newest = connection.query(NEWEST)
    this.#start = connection.query(START)
  }

  /** The number of rows that were copied. */
  get count(): number {
    return this.#count
  }

  *run(): Work<void> {
    yield* this.#copyRange(1n, this.#lastRowid())
  }

  #lastRowid(): bigint {
    try {
      return this.#newest.get()?.newest ?? 0n
    } catch (error) {
      if (isDamage(error)) return LAST_ROWID
      throw error
    }
  }

  *#copyRange(first: bigint, last: bigint): Work<void> {
    for (let end = last; end >= first && this.#failures <= MAX_FAILURES; yield) {
      const start = this.#copySlice(first, end)
      if (start !== undefined) end = start - 1n
      else if (first === end) return
      else {
        const middle = (first + end) / 2n
        yield* this.#copyRange(middle + 1n, end)
        end = middle
      }
    }
  }

  /** Copies the last rows of a range, and returns the first rowid that needs no more; `undefined` for damage. */
  #copySlice(first: bigint, end: bigint): bigint | undefined {
    try {
      const start = this.#start.get(first, end, ROWS_PER_SLICE)?.start ?? first
      this.#count += this.#copy.run(start, end)
      return start
    } catch (error) {
      if (!isDamage(error)) throw error
      this.#failures++
      return undefined
    }
  }
}
