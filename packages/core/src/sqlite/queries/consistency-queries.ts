import type { Connection } from '../connection/connection.ts'
import type { Query } from '../connection/query.ts'

/** A row whose value is in a file. */
export interface FileRow {
  readonly rowid: bigint
  readonly filename: string
  readonly size: bigint
}

/** A counter that triggers keep, as it is and as it should be. */
export interface Counter {
  readonly name: 'count' | 'size'
  readonly stored: number
  readonly actual: number
}

/** What SQLite's own check is asked with. Its answer for a sound database is `ok`. */
export const INTEGRITY = 'PRAGMA integrity_check(100)'

/** In the order of their index, since rows without files may be many. */
const FILES = `
  SELECT rowid, filename, size FROM Cache
  WHERE filename IS NOT NULL AND (filename, rowid) > (?, ?) ORDER BY filename, rowid LIMIT ?`

/** What comes before every file: the least text, and no row. */
const BEFORE_ALL = { filename: '', rowid: -(2n ** 63n) }

const FILE = 'SELECT rowid, filename, size FROM Cache WHERE filename = ?'

/** Asks for the counters. */
export const COUNTERS = `
  SELECT 'count' AS name, (SELECT value FROM Settings WHERE key = 'count') AS stored,
    (SELECT COUNT(*) FROM Cache) AS actual
  UNION ALL
  SELECT 'size', (SELECT value FROM Settings WHERE key = 'size'), (SELECT COALESCE(SUM(size), 0) FROM Cache)`

/** Counts by the index of expiry, and no further than it is asked to. */
const EXPIRED = 'SELECT COUNT(*) AS count FROM (SELECT 1 FROM Cache WHERE expire_time <= ? LIMIT ?)'

const SET_COUNTER = 'UPDATE Settings SET value = ? WHERE key = ?'

/** A row of the answer to {@link INTEGRITY}. */
export interface IntegrityRow {
  readonly integrity_check: string
}

/** A row of the answer to {@link COUNTERS}. */
export interface CounterRow {
  readonly name: Counter['name']
  readonly stored: bigint
  readonly actual: bigint
}

/** The questions that the consistency check asks of the database. */
export class ConsistencyQueries {
  readonly #connection: Connection
  readonly #integrity: Query<IntegrityRow>
  readonly #files: Query<FileRow>
  readonly #file: Query<FileRow>
  readonly #counters: Query<CounterRow>
  readonly #expired: Query<{ count: bigint }>
  readonly #setCounter: Query

  constructor(connection: Connection) {
    this.#connection = connection
    this.#integrity = connection.query(INTEGRITY)
    this.#files = connection.query(FILES)
    this.#file = connection.query(FILE)
    this.#counters = connection.query(COUNTERS)
    this.#expired = connection.query(EXPIRED)
    this.#setCounter = connection.query(SET_COUNTER)
  }

  /** Returns SQLite's complaints, none for a sound database. */
  integrity(): string[] {
    return complaintsOf(this.#integrity.all())
  }

  /** Builds all indexes anew from the rows. */
  rebuildIndexes(): void {
    this.#connection.execute('REINDEX')
  }

  /** Builds the whole database anew from its rows. Python takes its volume from the pages, so free ones must go. */
  rebuild(): void {
    this.#connection.execute('PRAGMA auto_vacuum = 1; VACUUM')
  }

  /** Returns rows whose value is in a file, after the row `last`, at most `limit`. */
  files(last: Pick<FileRow, 'filename' | 'rowid'> | undefined, limit: number): FileRow[] {
    const { filename, rowid } = last ?? BEFORE_ALL
    return this.#files.all(filename, rowid, limit)
  }

  /** Returns the row that names this file. */
  file(filename: string): FileRow | undefined {
    return this.#file.get(filename)
  }

  /** Returns the counters that triggers keep, beside what they should be. */
  counters(): Counter[] {
    return countersOf(this.#counters.all())
  }

  /** Returns the number of entries that have expired by `now`, in seconds since the epoch, and are there; at most `most`. */
  expired(now: number, most: number): number {
    return Number(this.#expired.get(now, BigInt(most))?.count ?? 0n)
  }

  /** Sets a counter to what it should be. */
  setCounter({ name, actual }: Counter): void {
    this.#setCounter.run(BigInt(actual), name)
  }
}

/** Returns what SQLite complains of. */
export function complaintsOf(rows: readonly IntegrityRow[]): string[] {
  return rows.map((row) => row.integrity_check).filter((message) => message !== 'ok')
}

/** Returns the counters of an answer. */
export function countersOf(rows: readonly CounterRow[]): Counter[] {
  return rows.map(({ name, stored, actual }) => ({ name, stored: Number(stored), actual: Number(actual) }))
}
