import { QUEUE_KEYS } from '../../codec/queue-keys.ts'
import type { TagColumns } from '../../codec/tags/tag-columns.ts'
import type { Connection } from '../connection/connection.ts'
import type { Query } from '../connection/query.ts'
import { VALUE_BYTES, VALUE_KIND } from './listing-sql.ts'
import { RowWindows } from './listing-windows.ts'

/** What rows of a window have in common that are counted together. */
export interface SurveyRow extends TagColumns {
  /** What stands before the first colon of a key that is a string, or `null`. */
  readonly namespace: string | null
  /** The prefix of the queue whose items they are, or `null`. */
  readonly queue: string | null
  /** What the values are, a `ValueKind`. */
  readonly kind: string
  /** The power of two of the bytes of a value, rounded down; -1 for none. */
  readonly sizeClass: bigint
  /** The hours since they were stored, rounded down: up to a day exact, then whole days. */
  readonly ageHours: bigint
  /**
   * The minutes until they expire, rounded down: up to an hour exact, up to a day whole hours, then whole days; -1 when
   * they have expired, `null` for never.
   */
  readonly expiresInMinutes: bigint | null
  /** The number of rows. */
  readonly entries: bigint
  /** The bytes of their values. */
  readonly bytes: bigint
}

/** What was counted of one window. */
export interface SurveyPart {
  /** The groups, in no order. */
  readonly rows: readonly SurveyRow[]
  /** The rows that this window and those before it have, about. */
  readonly scanned: number
}

/** What is longer before a colon is a text rather than a namespace. */
const LONGEST_NAMESPACE = 64

const NAMESPACE = `
  CASE WHEN typeof(key) = 'text' AND instr(substr(key, 1, ${LONGEST_NAMESPACE + 1}), ':') > 1
    THEN substr(key, 1, instr(key, ':') - 1) END`

/** An item's key is a number in the middle of 15 digits, or a prefix and such a number. */
const QUEUE = `
  CASE typeof(key)
    WHEN 'integer' THEN CASE WHEN key BETWEEN ${QUEUE_KEYS.min} AND ${QUEUE_KEYS.max} THEN '' END
    WHEN 'text' THEN CASE WHEN substr(key, -16) GLOB '-${'[0-9]'.repeat(15)}' THEN substr(key, 1, length(key) - 16) END END`

const SIZE_CLASS = 'CASE WHEN bytes <= 0 THEN -1 ELSE CAST(floor(log2(bytes)) AS INTEGER) END'

const AGE = 'CASE WHEN hours < 24 THEN hours ELSE hours - hours % 24 END'

const EXPIRY = `
  CASE WHEN minutes < 0 THEN -1 WHEN minutes < 60 THEN minutes
    WHEN minutes < 1440 THEN minutes - minutes % 60 ELSE minutes - minutes % 1440 END`

const GROUPS = `
  SELECT tag, moreTags, namespace, queue, kind, ${SIZE_CLASS} AS sizeClass, ${AGE} AS ageHours, ${EXPIRY} AS expiresInMinutes,
    COUNT(*) AS entries, SUM(bytes) AS bytes
  FROM (
    SELECT tag, node_tags AS moreTags, ${NAMESPACE} AS namespace, ${QUEUE} AS queue, ${VALUE_KIND} AS kind, ${VALUE_BYTES} AS bytes,
      MAX(0, CAST((? - store_time) / 3600 AS INTEGER)) AS hours,
      CAST(floor((expire_time - ?) / 60) AS INTEGER) AS minutes
    FROM Cache WHERE rowid BETWEEN ? AND ?)
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`

/** Counts all rows by what they are, one window of the table after the other, each of some milliseconds. */
export class EntrySurvey {
  readonly #groups: Query<SurveyRow>
  readonly #windows: RowWindows
  readonly #now: number

  /** `now` is in seconds, and `total` the number of all rows. */
  constructor(connection: Connection, { now, total }: { now: number; total: number }) {
    this.#groups = connection.query(GROUPS)
    this.#windows = new RowWindows(connection, { reverse: false, after: undefined, total })
    this.#now = now
  }

  /** Returns what the next window has, or `undefined` when there is none. */
  next(): SurveyPart | undefined {
    const window = this.#windows.next()
    if (window === undefined) return undefined
    const start = performance.now()
    const rows = this.#groups.all(this.#now, this.#now, ...window.parameters)
    this.#windows.adapt(performance.now() - start)
    return { rows, scanned: window.scanned }
  }
}
