import type { Column, EncodedKey } from '../codec/columns.ts'

/**
 * Compares two keys in the order in which SQLite sorts them: numbers, then strings by their bytes in UTF-8, then
 * bytes.
 */
export function compareKeys(a: EncodedKey, b: EncodedKey): number {
  return compareColumns(a.key, b.key) || a.form - b.form
}

function compareColumns(a: Column, b: Column): number {
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  if (Buffer.isBuffer(a) && Buffer.isBuffer(b)) return Buffer.compare(a, b)
  return rank(a) - rank(b)
}

function rank(column: Column): number {
  return isNumber(column) ? 0 : typeof column === 'string' ? 1 : 2
}

function isNumber(column: Column): column is number | bigint {
  return typeof column === 'number' || typeof column === 'bigint'
}
