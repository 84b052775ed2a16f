import type { Column } from '../../codec/columns.ts'
import { tagToColumn } from '../../codec/tags/tag-column.ts'
import { tagText } from '../../codec/tags/tag-columns.ts'
import type { ListOrder, ListQuery } from '../../contract/hooks/store-listing.ts'
import type { Parameter } from '../connection/query.ts'
import { MOST_USES } from '../queries/entry-uses.ts'

/** The bytes of a value as it is stored, without reading it. */
export const VALUE_BYTES = 'CASE WHEN filename IS NULL THEN COALESCE(octet_length(value), 0) ELSE size END'

/** What a value is, by its mode and, of one in the row, SQLite's type of it. */
export const VALUE_KIND = `
  CASE mode
    WHEN 1 THEN CASE typeof(value) WHEN 'text' THEN 'text' WHEN 'blob' THEN 'bytes' WHEN 'null' THEN 'null' ELSE 'number' END
    WHEN 2 THEN 'bytes' WHEN 3 THEN 'text' WHEN 4 THEN 'pickle' WHEN 5 THEN 'structured' WHEN 6 THEN 'stream'
    ELSE 'unknown' END`

/** What each order compares beside the number of the row. Entries that never expire come after all others. */
const ORDER_BY: Readonly<Record<Exclude<ListOrder, 'insertion' | 'key'>, string>> = {
  size: VALUE_BYTES,
  stored: 'store_time',
  read: 'access_time',
  expiry: 'COALESCE(expire_time, 9e999)',
  hits: 'access_count',
}

/** Returns what an order compares; the uses that `s3-fifo` counts are a part of their column. */
export function orderColumn(order: ListOrder, isCountedByUses: boolean): string {
  if (order === 'insertion') return 'rowid'
  if (order === 'key') return 'key'
  return order === 'hits' && isCountedByUses ? `access_count & ${MOST_USES}` : ORDER_BY[order]
}

/** A condition, and what stands for its parameters. */
export interface Condition {
  readonly sql: string
  readonly parameters: readonly Parameter[]
}

/** The condition of all rows. */
export const ALL: Condition = { sql: '1', parameters: [] }

/**
 * A text in a key: in other than strings, a number as it is written, or bytes, as they are and as hexadecimal digits. The
 * lower case of SQLite is that of ASCII.
 */
const hasText = (characters: string) => `CASE typeof(key)
  WHEN 'blob' THEN instr(key, CAST(? AS BLOB)) OR instr(hex(key), upper(?))
  ELSE instr(lower(${characters}), lower(?)) END`

const HAS_TAG = `(tag = ? OR (node_tags IS NOT NULL AND json_valid(node_tags) AND EXISTS (
  SELECT 1 FROM json_each(node_tags) WHERE value = (SELECT value FROM json_each(?)))))`

/** Returns the condition of the rows that are looked for; `now` is in seconds. */
export function listCondition(query: ListQuery, now: number): Condition {
  const { prefix, tag, kind, expired } = query
  return every([
    // The windows are those of the keys that begin so, and of bytes between them.
    prefix ? { sql: 'raw = 1', parameters: [] } : ALL,
    textCondition(query),
    tag === undefined ? ALL : tagged(tagToColumn(tag)),
    kind === undefined ? ALL : { sql: `(${VALUE_KIND}) = ?`, parameters: [kind] },
    expired === undefined ? ALL : expiredOrNot(expired, now),
  ])
}

function textCondition({ text, textAfter = 0 }: ListQuery): Condition {
  if (text === undefined || text === '') return ALL
  if (textAfter === 0) return { sql: hasText('key'), parameters: [text, text, text] }
  return { sql: hasText('substr(key, ?)'), parameters: [text, text, BigInt(textAfter + 1), text] }
}

function tagged(tag: NonNullable<Column>): Condition {
  return { sql: HAS_TAG, parameters: [tag, `[${tagText(tag)}]`] }
}

function expiredOrNot(expired: boolean, now: number): Condition {
  const sql = expired ? 'expire_time <= ?' : '(expire_time IS NULL OR expire_time > ?)'
  return { sql, parameters: [now] }
}

/** Returns the condition of rows for which all of these hold. */
export function every(conditions: readonly Condition[]): Condition {
  const real = conditions.filter((condition) => condition !== ALL)
  if (real.length === 0) return ALL
  return {
    sql: real.map(({ sql }) => `(${sql})`).join(' AND '),
    parameters: real.flatMap(({ parameters }) => parameters),
  }
}
