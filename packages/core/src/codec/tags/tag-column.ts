import { types } from 'node:util'
import { quote } from '../../checks/argument-check.ts'
import type { Tag } from '../../contract/entry.ts'
import { narrow } from '../canonical-key.ts'
import type { Column } from '../columns.ts'
import { asBuffer } from '../disk.ts'

/** What a tag can be, for messages. */
const KINDS = 'a string, a number or bytes'

/** The same where there may be several tags. */
export const KINDS_OF_TAGS = `${KINDS}, or an array of these`

/**
 * Returns a tag as a column, equal for equal tags; throws `TypeError` for what cannot be a tag. `kinds` is what is allowed,
 * for the message, where that is more than a tag.
 */
export function tagToColumn(tag: unknown, kinds = KINDS): NonNullable<Column> {
  if (typeof tag === 'string' && tag.isWellFormed()) return tag
  if (typeof tag === 'number' && !Number.isNaN(tag)) return Number.isSafeInteger(tag) ? BigInt(tag) : tag
  if (types.isUint8Array(tag)) return asBuffer(tag)
  throw new TypeError(`Cannot use tag ${quote(tag)}: expected ${kinds}`)
}

/** Returns the tag that `tagToColumn` turned into this column. */
export function columnToTag(column: NonNullable<Column>): Tag {
  return typeof column === 'bigint' ? (narrow(column) as number) : column
}

/** Returns whether two columns hold the same tag. As to SQLite, 1 and 1.0, which Python may have stored, are the same. */
export function isSameTag(a: Column, b: Column): boolean {
  if (Buffer.isBuffer(a) && Buffer.isBuffer(b)) return a.equals(b)
  if (isNumber(a) && isNumber(b)) return a <= b && a >= b
  return a === b
}

function isNumber(column: Column): column is number | bigint {
  return typeof column === 'number' || typeof column === 'bigint'
}
