import type { Column, EncodedKey } from '../../codec/columns.ts'
import type { Connection } from '../connection/connection.ts'
import type { Query } from '../connection/query.ts'
import type { PageRow } from './entry-pages.ts'
import { afterPrefix } from './key-prefix.ts'

type KeyRow = Pick<PageRow, 'key' | 'raw'>

// The index of keys answers these alone.
const SELECT = 'SELECT key, raw FROM Cache WHERE key IS NOT NULL'
const FROM_FIRST = `${SELECT} ORDER BY key, raw LIMIT 1 OFFSET ?`
const FROM_LAST = `${SELECT} ORDER BY key DESC, raw DESC LIMIT 1 OFFSET ?`

const WITH_PREFIX = `
  SELECT rowid FROM Cache WHERE key >= ? AND key < ? AND raw = 1 AND rowid <= ? LIMIT ?`

// The index of keys answers these alone, too.
const COUNT = `
  SELECT COUNT(*) AS count, MAX(key) AS last FROM (
    SELECT key FROM Cache WHERE key >= ? AND key < ? AND raw = 1 ORDER BY key LIMIT ?)`
const COUNT_AFTER = COUNT.replace('>=', '>')

/** How many keys there are in a stretch of sorted order, and the last of them. */
export interface KeyCount {
  /** The number of keys. */
  readonly count: number
  /** The last key, `null` when there is none. */
  readonly last: Column
}

/** Finds keys by their position in sorted order, and rows by the prefix of their keys. */
export class KeyPositions {
  readonly #withPrefix: Query<{ rowid: bigint }>
  readonly #count: Query<{ count: bigint; last: Column }>
  readonly #countAfter: Query<{ count: bigint; last: Column }>
  readonly #fromFirst: Query<KeyRow>
  readonly #fromLast: Query<KeyRow>

  constructor(connection: Connection) {
    this.#fromFirst = connection.query(FROM_FIRST)
    this.#fromLast = connection.query(FROM_LAST)
    this.#withPrefix = connection.query(WITH_PREFIX)
    this.#count = connection.query(COUNT)
    this.#countAfter = connection.query(COUNT_AFTER)
  }

  /** Returns the numbers, up to `newest`, of rows whose key is a string with this prefix, in no order. */
  withPrefix(prefix: string, newest: bigint, limit: number): bigint[] {
    return this.#withPrefix.all(prefix, afterPrefix(prefix), newest, limit).map(({ rowid }) => rowid)
  }

  /** Counts keys that are strings with this prefix, after the key `last`, or from the first where that is `null`. */
  countWithPrefix(prefix: string, last: Column, limit: number): KeyCount {
    const query = last === null ? this.#count : this.#countAfter
    const found = query.get(last ?? prefix, afterPrefix(prefix), limit)
    return { count: Number(found?.count ?? 0n), last: found?.last ?? null }
  }

  /** Returns the key that follows `offset` others, counted from the first key or from the last. */
  find(offset: number, side: 'first' | 'last'): EncodedKey | undefined {
    const row = (side === 'first' ? this.#fromFirst : this.#fromLast).get(offset)
    return row && { key: row.key, form: Number(row.raw) as EncodedKey['form'] }
  }
}
