import type { Connection } from '../connection/connection.ts'
import type { Query } from '../connection/query.ts'
import { afterPrefix } from './key-prefix.ts'
import { TaggedRows } from './tagged-rows.ts'

/** A row that is about to be removed. */
export interface RemovableRow {
  /** The number of the row, in the order of insertion. */
  readonly rowid: bigint
  /** The name of the value's file, or `null` when the value is in the row. */
  readonly filename: string | null
}

/** A row that makes room, and about the bytes that its removal frees. */
export interface SizedRow extends RemovableRow {
  /** About the bytes that the removal frees. */
  readonly bytes: bigint
}

/** About the bytes that a row takes: what it has beside its columns, and whole blocks of 4 KiB for a file. */
export const ROW_BYTES = `100 + COALESCE(octet_length(key), 0) +
    COALESCE(octet_length(value), 0) + CASE WHEN filename IS NULL THEN 0 ELSE (size + 4095) & -4096 END`

const EXPIRED = `
  SELECT rowid, filename, ${ROW_BYTES} AS bytes FROM Cache
  WHERE expire_time IS NOT NULL AND expire_time <= ? ORDER BY expire_time LIMIT ?`

const NEXT_EXPIRY = 'SELECT MIN(expire_time) AS time FROM Cache WHERE expire_time IS NOT NULL'

/** Finds the last of so many rows. */
const STRETCH = `
  SELECT MAX(rowid) AS last FROM (
    SELECT rowid FROM Cache WHERE rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?)`

const ALL = 'SELECT rowid, filename FROM Cache WHERE rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?'

/** Finds keys from a prefix up to, not including, a bound that is greater than all strings with this prefix. */
const PREFIXED = `
  SELECT rowid, filename FROM Cache
  WHERE key >= ? AND key < ? AND raw = 1 AND rowid <= ? LIMIT ?`

/** The order makes SQLite use the index of files. */
const WITH_FILES = `
  SELECT rowid, filename FROM Cache WHERE filename IS NOT NULL AND rowid <= ? ORDER BY filename LIMIT ?`

const ANY_FILES = `
  SELECT rowid, filename, ${ROW_BYTES} AS bytes FROM Cache
  WHERE filename IS NOT NULL AND node_pin IS NULL ORDER BY filename LIMIT ?`

/**
 * Finds rows that are to be removed: expired ones, those with a tag or a prefix, or all, a bounded number at a time.
 */
export class RemovalQueries {
  /** Those with a tag. */
  readonly tagged: TaggedRows
  readonly #expired: Query<SizedRow>
  readonly #nextExpiry: Query<{ time: unknown }>
  readonly #stretch: Query<{ last: bigint | null }>
  readonly #all: Query<RemovableRow>
  readonly #prefixed: Query<RemovableRow>
  readonly #withFiles: Query<RemovableRow>
  readonly #anyFiles: Query<SizedRow>

  constructor(connection: Connection) {
    this.tagged = new TaggedRows(connection)
    this.#expired = connection.query(EXPIRED)
    this.#nextExpiry = connection.query(NEXT_EXPIRY)
    this.#stretch = connection.query(STRETCH)
    this.#all = connection.query(ALL)
    this.#prefixed = connection.query(PREFIXED)
    this.#withFiles = connection.query(WITH_FILES)
    this.#anyFiles = connection.query(ANY_FILES)
  }

  /** Returns rows that have expired at `now`, in seconds. */
  expired(now: number, limit: number): SizedRow[] {
    return this.#expired.all(now, limit)
  }

  /** Returns when the next entry expires, in seconds, `Infinity` when none does. */
  nextExpiry(): number {
    const time = this.#nextExpiry.get()?.time
    // A text or bytes, which only others write, come after all numbers: the entry never expires.
    return typeof time === 'number' ? time : Infinity
  }

  /**
   * Returns the rowid of the last of so many rows after the rowid `last` and up to `newest`, or `undefined` when there
   * are none.
   */
  endOfStretch(last: bigint, newest: bigint, rows: number): bigint | undefined {
    return this.#stretch.get(last, newest, rows)?.last ?? undefined
  }

  /** Returns rows with files, up to `newest`. */
  withFiles(newest: bigint, limit: number): RemovableRow[] {
    return this.#withFiles.all(newest, limit)
  }

  /** Returns any rows with files that are not pinned. */
  anyFiles(limit: number): SizedRow[] {
    return this.#anyFiles.all(limit)
  }

  /** Returns rows after the rowid `last` and up to `newest`. */
  all(last: bigint, newest: bigint, limit: number): RemovableRow[] {
    return this.#all.all(last, newest, limit)
  }

  /** Returns rows up to `newest` whose key is a string with this prefix. */
  prefixed(prefix: string, newest: bigint, limit: number): RemovableRow[] {
    return this.#prefixed.all(prefix, afterPrefix(prefix), newest, limit)
  }
}
