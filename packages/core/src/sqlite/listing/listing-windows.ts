import type { Column } from '../../codec/columns.ts'
import type { ListPlace } from '../../contract/hooks/store-listing.ts'
import type { Connection } from '../connection/connection.ts'
import type { Query } from '../connection/query.ts'
import { afterPrefix } from '../queries/key-prefix.ts'
import { ALL, type Condition, every } from './listing-sql.ts'

/** The time that a window is to take, in milliseconds. */
const WANTED_MS = 4

/** The rows of the first window, and the most and fewest that one has: a key and a tag may have many MiB. */
const FIRST = 4
const MOST = 100_000
const FEWEST = 1

/** A stretch of the table, as the condition of its rows. */
export interface Window extends Condition {
  /** The rows that it and those before it have, about. */
  readonly scanned: number
}

/** What bounds the windows. */
export interface WindowTerms {
  /** Whether the last window comes first. */
  readonly reverse: boolean
  /** Where they begin. */
  readonly after: ListPlace | undefined
  /** What all keys begin with. */
  readonly prefix?: string | undefined
  /** The number of all rows. */
  readonly total: number
}

/** Windows of a table, one after the other, each as large as what the ones before it took lets it be. */
export interface Windows {
  /** Returns the next window, or `undefined` when there is none. */
  next(): Window | undefined
  /** Makes the next window smaller or larger, after one took so many milliseconds. */
  adapt(milliseconds: number): void
}

function adapted(size: number, milliseconds: number): number {
  const factor = Math.min(4, Math.max(1 / 4, WANTED_MS / Math.max(milliseconds, 0.01)))
  return Math.round(Math.min(MOST, Math.max(FEWEST, size * factor)))
}

const EDGES = 'SELECT (SELECT MIN(rowid) FROM Cache) AS first, (SELECT MAX(rowid) FROM Cache) AS last'
const NEXT_ROW = 'SELECT MIN(rowid) AS row FROM Cache WHERE rowid > ?'
const PREVIOUS_ROW = 'SELECT MAX(rowid) AS row FROM Cache WHERE rowid < ?'

/** Windows of row numbers. Gaps cost nothing. */
export class RowWindows implements Windows {
  readonly #nextRow: Query<{ row: bigint | null }>
  readonly #reverse: boolean
  readonly #total: number
  readonly #edges: { first: bigint; last: bigint } | undefined
  /** The number of the row beyond which the next window begins. */
  #reached: bigint
  #size = FIRST

  constructor(connection: Connection, { reverse, after, total }: WindowTerms) {
    const edges = connection.query<{ first: bigint | null; last: bigint | null }>(EDGES).get()
    const { first = null, last = null } = edges ?? {}
    this.#edges = first === null || last === null ? undefined : { first, last }
    this.#nextRow = connection.query(reverse ? PREVIOUS_ROW : NEXT_ROW)
    this.#reverse = reverse
    this.#total = total
    this.#reached = after ? reachedBy(after, reverse) : reverse ? (last ?? 0n) + 1n : (first ?? 0n) - 1n
  }

  next(): Window | undefined {
    if (this.#edges === undefined) return undefined
    const begin = this.#nextRow.get(this.#reached)?.row ?? null
    // Newer rows did not exist when the walk began.
    if (begin === null || begin > this.#edges.last) return undefined
    const span = BigInt(this.#size - 1)
    this.#reached = this.#reverse ? begin - span : begin + span
    const parameters = this.#reverse ? [this.#reached, begin] : [begin, this.#smaller(this.#reached)]
    return { sql: 'rowid BETWEEN ? AND ?', parameters, scanned: this.#scanned(this.#edges) }
  }

  adapt(milliseconds: number): void {
    this.#size = adapted(this.#size, milliseconds)
  }

  #smaller(row: bigint): bigint {
    const last = this.#edges?.last ?? row
    return row < last ? row : last
  }

  /** Row numbers are taken to be evenly used. */
  #scanned({ first, last }: { first: bigint; last: bigint }): number {
    const part = Number(this.#reached - first) / Math.max(1, Number(last - first))
    const done = Math.min(1, Math.max(0, part))
    return Math.round(this.#total * (this.#reverse ? 1 - done : done))
  }
}

/**
 * Returns the number of the row beyond which the first window begins. The place may be that of a row in another shard:
 * then a row of the same number comes before or after it as its `row` says.
 */
function reachedBy({ by, row }: ListPlace, reverse: boolean): bigint {
  const number = BigInt(by as bigint)
  if (reverse) return row > number ? number + 1n : number
  return row < number ? number - 1n : number
}

interface KeyRow {
  readonly key: Column
  readonly raw: bigint
}

/** A key before all others. There is none after all others. */
const LEAST: KeyRow = { key: -Infinity, raw: -1n }

/** Windows of keys, in their order. */
export class KeyWindows implements Windows {
  readonly #connection: Connection
  readonly #boundaries = new Map<string, Query<KeyRow>>()
  readonly #reverse: boolean
  /** What comes before all keys, and after them; `undefined` for what is open. */
  readonly #first: KeyRow
  readonly #last: KeyRow | undefined
  /** The last key of the windows so far, `undefined` before the first from the end. */
  #reached: KeyRow | undefined
  #isDone = false
  #size = FIRST
  #scanned = 0

  constructor(connection: Connection, { reverse, after, prefix }: WindowTerms) {
    this.#connection = connection
    this.#reverse = reverse
    this.#first = prefix ? { key: prefix, raw: -1n } : LEAST
    this.#last = prefix ? { key: afterPrefix(prefix), raw: -1n } : undefined
    const begin = after && { key: after.by, raw: BigInt(after.form) }
    this.#reached = begin ?? (reverse ? this.#last : this.#first)
  }

  next(): Window | undefined {
    if (this.#isDone) return undefined
    const begin = bound(this.#reverse ? '<' : '>', this.#reached)
    const rest = this.#reverse ? bound('>', this.#first) : bound('<', this.#last)
    const end = this.#boundary(every([begin, rest]))
    // One bound at each side: of two, SQLite takes one for the index, and it may be the wrong one.
    const window = every([begin, end === undefined ? rest : bound(this.#reverse ? '>=' : '<=', end)])
    this.#isDone = end === undefined
    this.#reached = end
    this.#scanned += this.#size
    return { ...window, scanned: this.#scanned }
  }

  adapt(milliseconds: number): void {
    this.#size = adapted(this.#size, milliseconds)
  }

  /** Returns the last key of the next window, `undefined` where it has all that are left. The index of keys answers this alone. */
  #boundary({ sql, parameters }: Condition): KeyRow | undefined {
    const way = this.#reverse ? 'DESC' : 'ASC'
    const text = `SELECT key, raw FROM Cache WHERE ${sql} ORDER BY key ${way}, raw ${way} LIMIT 1 OFFSET ?`
    const query = this.#boundaries.get(text) ?? this.#connection.query<KeyRow>(text)
    this.#boundaries.set(text, query)
    return query.get(...parameters, this.#size - 1)
  }
}

function bound(operator: '<' | '>' | '<=' | '>=', row: KeyRow | undefined): Condition {
  if (row === undefined) return ALL
  return { sql: `(key, raw) ${operator} (?, ?)`, parameters: [row.key, row.raw] }
}
