import type { Column } from '../../codec/columns.ts'
import type { TagColumns } from '../../codec/tags/tag-columns.ts'
import type { ListQuery } from '../../contract/hooks/store-listing.ts'
import type { Connection } from '../connection/connection.ts'
import type { Query } from '../connection/query.ts'
import {
  ALL,
  type Condition,
  every,
  listCondition,
  orderColumn,
  VALUE_BYTES,
  VALUE_KIND,
} from './listing-sql.ts'
import { KeyWindows, RowWindows, type Windows } from './listing-windows.ts'

/** A row without its value, for those who look into a cache. */
export interface ListingRow extends TagColumns {
  /** The number of the row, in the order of insertion. */
  readonly rowid: bigint
  /** The content of the column `key`. */
  readonly key: Column
  /** The form of the key, a number of `KeyForm`. */
  readonly raw: bigint
  /** What the order compares. */
  readonly by: Column
  /** What the value is, a `ValueKind`. */
  readonly kind: string
  /** The bytes of the value as it is stored. */
  readonly bytes: bigint
  /** The name of the value's file, or `null` when the value is in the row. */
  readonly filename: string | null
  /** When the entry was stored, in seconds since the epoch. */
  readonly storeTime: unknown
  /** When the entry was read last, in seconds since the epoch. */
  readonly accessTime: unknown
  /** How often the entry was used, as the policy of eviction counts it. */
  readonly accessCount: bigint
  /** The moment at which the entry expires, in seconds since the epoch, or `null` for never. */
  readonly expireTime: unknown
  /** Whether the entry is kept from being evicted: 1 for yes, 0 for as long as they are few, `null` for no. */
  readonly pin: bigint | null
  /** The checksum that was stored with the entry, or `null` when somebody else wrote the row. */
  readonly sum: number | null
}

const SELECT = `SELECT rowid, key, raw, ${VALUE_KIND} AS kind, ${VALUE_BYTES} AS bytes, filename,
  store_time AS storeTime, access_time AS accessTime, access_count AS accessCount, expire_time AS expireTime,
  tag, node_tags AS moreTags, node_pin AS pin, node_sum AS sum`

/** The best rows of a window, and the number of rows that were looked at with it, about. */
export interface ListingPart {
  /** At most as many rows as the query asks for, in its order. */
  readonly rows: readonly ListingRow[]
  /** The rows that this window and those before it have, about. */
  readonly scanned: number
}

/**
 * Looks for rows, one window of the table after the other, each of some milliseconds. A window is a stretch of row numbers,
 * or of keys where those are the order, or where a prefix bounds them. Within each, SQLite finds the best.
 */
export class EntryListing {
  readonly #connection: Connection
  readonly #queries = new Map<string, Query<ListingRow>>()
  readonly #windows: Windows
  readonly #condition: Condition
  readonly #limit: number
  readonly #select: string
  readonly #orderBy: string
  /** Whether no later window has better rows. */
  readonly isInOrder: boolean

  /** `now` is in seconds; `total` is the number of all rows, and `countsUses` whether the policy is `s3-fifo`. */
  constructor(
    connection: Connection,
    query: ListQuery,
    { now, total, countsUses }: { now: number; total: number; countsUses: boolean },
  ) {
    this.#connection = connection
    const { order = 'insertion', reverse = false, after, prefix, limit } = query
    const axis = order === 'key' || prefix ? 'key' : 'insertion'
    this.isInOrder = axis === order
    this.#limit = limit
    const begin = this.isInOrder ? after : undefined
    const terms = { reverse: this.isInOrder && reverse, after: begin, prefix, total }
    this.#windows = axis === 'key' ? new KeyWindows(connection, terms) : new RowWindows(connection, terms)
    const by = orderColumn(order, countsUses)
    const way = reverse ? 'DESC' : 'ASC'
    const tie = order === 'key' ? 'raw' : 'rowid'
    const isAfter = after === undefined || this.isInOrder ? ALL : afterPlace(by, after, reverse)
    this.#condition = every([listCondition(query, now), isAfter])
    this.#select = `${SELECT}, ${by} AS by FROM Cache`
    this.#orderBy = `ORDER BY ${by} ${way}, ${tie} ${way} LIMIT ?`
  }

  /** Returns the best rows of the next window, or `undefined` when there is none. */
  next(): ListingPart | undefined {
    const window = this.#windows.next()
    if (window === undefined) return undefined
    const start = performance.now()
    const { sql, parameters } = every([window, this.#condition])
    const rows = this.#query(`${this.#select} WHERE ${sql} ${this.#orderBy}`).all(...parameters, this.#limit)
    this.#windows.adapt(performance.now() - start)
    return { rows, scanned: window.scanned }
  }

  #query(sql: string): Query<ListingRow> {
    const query = this.#queries.get(sql) ?? this.#connection.query<ListingRow>(sql)
    this.#queries.set(sql, query)
    return query
  }
}

function afterPlace(by: string, after: NonNullable<ListQuery['after']>, reverse: boolean): Condition {
  const sql = `(${by}, rowid) ${reverse ? '<' : '>'} (?, ?)`
  return { sql, parameters: [after.by, after.row] }
}
