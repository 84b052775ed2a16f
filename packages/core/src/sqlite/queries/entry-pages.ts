import type { Column, EncodedKey } from '../../codec/columns.ts'
import { tagText } from '../../codec/tags/tag-columns.ts'
import type { Connection } from '../connection/connection.ts'
import type { Query } from '../connection/query.ts'
import { ENTRY_COLUMNS, type EntryRow } from './entry-table.ts'

/** A row as an iterator needs it, with its key. */
export interface PageRow extends EntryRow {
  /** The content of the column `key`. */
  readonly key: Column
  /** The form of the key, a number of `KeyForm`. */
  readonly raw: bigint
}

/** What bounds the rows of a page. */
export interface PageBounds {
  /** The newest rowid: newer rows did not exist when the iteration began. */
  readonly newest: bigint
  /** The present, in seconds since the epoch. Expired rows are left out. */
  readonly now: number
  /** The most rows of a page. */
  readonly limit: number
}

const LIVE = '(expire_time IS NULL OR expire_time > ?)'

/** Returns the statements, whose rows have the column `value` or leave it out. */
function pageSql(value: 'value' | 'NULL AS value') {
  const select = `SELECT rowid, key, raw, ${value}, ${ENTRY_COLUMNS} FROM Cache`
  const bounds = `rowid <= ? AND key IS NOT NULL AND ${LIVE}`
  const listed = `rowid IN (SELECT value FROM json_each(?)) AND ${LIVE}`
  return {
    forward: `${select} WHERE rowid > ? AND ${bounds} ORDER BY rowid LIMIT ?`,
    backward: `${select} WHERE rowid < ? AND ${bounds} ORDER BY rowid DESC LIMIT ?`,
    tagged: taggedSql(select, 'rowid > ?', 'rowid'),
    taggedBackward: taggedSql(select, 'rowid < ?', 'rowid DESC'),
    listed: `${select} WHERE ${listed} ORDER BY rowid`,
    listedBackward: `${select} WHERE ${listed} ORDER BY rowid DESC`,
    sortedFirst: `${select} WHERE ${bounds} ORDER BY key, raw LIMIT ?`,
    sortedNext: `${select} WHERE (key, raw) > (?, ?) AND ${bounds} ORDER BY key, raw LIMIT ?`,
    sortedLast: `${select} WHERE ${bounds} ORDER BY key DESC, raw DESC LIMIT ?`,
    sortedPrevious: `${select} WHERE (key, raw) < (?, ?) AND ${bounds} ORDER BY key DESC, raw DESC LIMIT ?`,
  }
}

/** Returns the statement for rows with a tag, which come from two indexes: those that have others beside it have their own. */
function taggedSql(select: string, from: 'rowid > ?' | 'rowid < ?', order: 'rowid' | 'rowid DESC') {
  const isBetween = `${from} AND rowid <= ? AND key IS NOT NULL AND ${LIVE}`
  const first = `SELECT rowid FROM Cache WHERE tag = ? AND ${isBetween} ORDER BY ${order} LIMIT ?`
  const isOther = `node_tagged.tag = (SELECT value FROM json_each(?)) AND ${isBetween.replaceAll('rowid', 'entry')}`
  const other = `SELECT entry FROM node_tagged JOIN Cache ON Cache.rowid = entry
    WHERE ${isOther} ORDER BY ${order.replace('rowid', 'entry')} LIMIT ?`
  return `${select} WHERE rowid IN (SELECT * FROM (${first}) UNION ALL SELECT * FROM (${other})) ORDER BY ${order} LIMIT ?`
}

/**
 * Reads rows page by page, for iteration. Each page is a statement of its own that ends before its rows are used, so
 * that nothing is locked and the write-ahead log can be checkpointed between pages.
 */
export class EntryPages {
  readonly #forward: Query<PageRow>
  readonly #backward: Query<PageRow>
  readonly #tagged: Query<PageRow>
  readonly #taggedBackward: Query<PageRow>
  readonly #listed: Query<PageRow>
  readonly #listedBackward: Query<PageRow>
  readonly #sortedFirst: Query<PageRow>
  readonly #sortedNext: Query<PageRow>
  readonly #sortedLast: Query<PageRow>
  readonly #sortedPrevious: Query<PageRow>

  /** Prepares the statements. Without `withValues`, the values are left on disk. */
  constructor(connection: Connection, withValues: boolean) {
    const sql = pageSql(withValues ? 'value' : 'NULL AS value')
    this.#forward = connection.query(sql.forward)
    this.#backward = connection.query(sql.backward)
    this.#tagged = connection.query(sql.tagged)
    this.#taggedBackward = connection.query(sql.taggedBackward)
    this.#listed = connection.query(sql.listed)
    this.#listedBackward = connection.query(sql.listedBackward)
    this.#sortedFirst = connection.query(sql.sortedFirst)
    this.#sortedNext = connection.query(sql.sortedNext)
    this.#sortedLast = connection.query(sql.sortedLast)
    this.#sortedPrevious = connection.query(sql.sortedPrevious)
  }

  /** Returns the rows after `last` in the order of insertion. */
  byRowid(last: bigint | undefined, reverse: boolean, { newest, now, limit }: PageBounds): PageRow[] {
    if (reverse) return this.#backward.all(last ?? newest + 1n, newest, now, limit)
    return this.#forward.all(last ?? 0n, newest, now, limit)
  }

  /** Returns the rows that may have a tag after `last` in the order of insertion, by the indexes of tags. */
  byTag(
    tag: NonNullable<Column>,
    last: bigint | undefined,
    reverse: boolean,
    { newest, now, limit }: PageBounds,
  ): PageRow[] {
    const query = reverse ? this.#taggedBackward : this.#tagged
    const bounds = [last ?? (reverse ? newest + 1n : 0n), newest, now, limit] as const
    return query.all(tag, ...bounds, `[${tagText(tag)}]`, ...bounds, limit)
  }

  /** Returns the rows with these numbers, in their order. */
  listed(rowids: readonly bigint[], reverse: boolean, now: number): PageRow[] {
    return (reverse ? this.#listedBackward : this.#listed).all(`[${rowids.join()}]`, now)
  }

  /** Returns the rows after `last` in the order of keys. */
  byKey(last: EncodedKey | undefined, reverse: boolean, { newest, now, limit }: PageBounds): PageRow[] {
    if (last === undefined) return (reverse ? this.#sortedLast : this.#sortedFirst).all(newest, now, limit)
    return (reverse ? this.#sortedPrevious : this.#sortedNext).all(last.key, last.form, newest, now, limit)
  }
}
