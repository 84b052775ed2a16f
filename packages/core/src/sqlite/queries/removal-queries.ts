import type { Column } from '../../codec/columns.ts'
import { type TagColumns, tagText } from '../../codec/tag-columns.ts'
import type { Connection } from '../connection/connection.ts'
import type { Query } from '../connection/query.ts'
import { afterPrefix } from './key-prefix.ts'

/** A row that is about to be removed. */
export interface RemovableRow {
  /** The number of the row, in the order of insertion. */
  readonly rowid: bigint
  /** The name of the value's file, or `null` when the value is in the row. */
  readonly filename: string | null
}

/** A row that may have the tag in question: among several, another may have the text of this one in it. */
export interface TaggedRow extends RemovableRow, TagColumns {}

/** What bounds the rows that a removal looks at. */
export interface RemovalBounds {
  /** The rowid after which they begin. */
  readonly last: bigint
  /** The rowid up to which they go. */
  readonly newest: bigint
  /** The most of them. */
  readonly limit: number
}

/** A row that makes room, and about the bytes that its removal frees. */
export interface SizedRow extends RemovableRow {
  /** About the bytes that the removal frees. */
  readonly bytes: bigint
}

/** About the bytes that a row takes: what it has beside key and value, and whole blocks of 4 KiB for a file. */
export const ROW_BYTES = `100 + COALESCE(octet_length(key), 0) +
    CASE WHEN filename IS NULL THEN COALESCE(octet_length(value), 0) ELSE (size + 4095) & -4096 END`

const EXPIRED = `
  SELECT rowid, filename, ${ROW_BYTES} AS bytes FROM Cache
  WHERE expire_time IS NOT NULL AND expire_time <= ? ORDER BY expire_time LIMIT ?`

const NEXT_EXPIRY = 'SELECT MIN(expire_time) AS time FROM Cache WHERE expire_time IS NOT NULL'

const TAGGED = `
  SELECT rowid, filename, tag, node_tags AS moreTags FROM Cache
  WHERE (tag = ? OR instr(node_tags, ?)) AND rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?`

/** The same by the indexes of tags. Rows with a tag among others come from an index of their own. */
const TAGGED_BY_INDEX = `
  SELECT rowid, filename, tag, node_tags AS moreTags FROM Cache WHERE rowid IN (
    SELECT * FROM (SELECT rowid FROM Cache WHERE tag = ? AND rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?)
    UNION ALL SELECT * FROM (SELECT entry FROM node_tagged
      WHERE tag = (SELECT value FROM json_each(?)) AND entry > ? AND entry <= ? ORDER BY entry LIMIT ?))
  ORDER BY rowid LIMIT ?`

const UNTAGGED = `
  SELECT rowid, filename, tag, NULL AS moreTags FROM Cache
  WHERE tag IS NULL AND rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?`

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
  readonly #expired: Query<SizedRow>
  readonly #nextExpiry: Query<{ time: unknown }>
  readonly #tagged: Query<TaggedRow>
  readonly #taggedByIndex: Query<TaggedRow>
  readonly #untagged: Query<TaggedRow>
  readonly #stretch: Query<{ last: bigint | null }>
  readonly #all: Query<RemovableRow>
  readonly #prefixed: Query<RemovableRow>
  readonly #withFiles: Query<RemovableRow>
  readonly #anyFiles: Query<SizedRow>

  constructor(connection: Connection) {
    this.#expired = connection.query(EXPIRED)
    this.#nextExpiry = connection.query(NEXT_EXPIRY)
    this.#tagged = connection.query(TAGGED)
    this.#taggedByIndex = connection.query(TAGGED_BY_INDEX)
    this.#untagged = connection.query(UNTAGGED)
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

  /** Returns the rows that may have a tag, or, where that is `null`, those without one. */
  tagged(tag: Column, { last, newest, limit }: RemovalBounds): TaggedRow[] {
    if (tag === null) return this.#untagged.all(last, newest, limit)
    return this.#tagged.all(tag, tagText(tag), last, newest, limit)
  }

  /** Returns the rows that may have a tag, by the indexes of tags. */
  taggedByIndex(tag: NonNullable<Column>, { last, newest, limit }: RemovalBounds): TaggedRow[] {
    const bounds = [last, newest, limit] as const
    return this.#taggedByIndex.all(tag, ...bounds, `[${tagText(tag)}]`, ...bounds, limit)
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
