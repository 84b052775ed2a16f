import { quote } from '../checks/argument-check.ts'
import type { Key } from '../contract/entry.ts'
import { DiskCacheError } from '../contract/errors.ts'
import type { HoldEntry, HoldRow } from './hold-row.ts'
import type { WaitEntry } from './wait-line.ts'

/**
 * Returns the row of a recipe, of which these properties are numbers, and whose others `isSound` accepts.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that something else has stored under its key
 */
export function checkRow<T>(
  key: Key,
  row: unknown,
  numbers: readonly (keyof T)[],
  isSound: (row: T) => boolean = () => true,
): T {
  if (hasNumbers<T>(row, numbers) && isSound(row)) return row
  throw foreignRow(key, row)
}

/**
 * Returns the row of a lock, a semaphore or an election.
 *
 * @throws DiskCacheError ERR_DISKCACHE_FOREIGN_VALUE for a value that something else has stored under its key
 */
export function checkHoldRow(key: Key, row: unknown): HoldRow {
  const isSound =
    hasNumbers<HoldRow>(row, ['token']) &&
    Array.isArray(row.holds) &&
    row.holds.every(isHold) &&
    (row.line === undefined || (Array.isArray(row.line) && row.line.every(isWaiter))) &&
    isNumberOrNone(row.turnedAt)
  if (isSound) return row
  throw foreignRow(key, row)
}

function isHold(hold: unknown): boolean {
  return hasNumbers<HoldEntry>(hold, ['until'])
}

function isWaiter(entry: unknown): boolean {
  const { owner, until } = (entry ?? {}) as Partial<WaitEntry>
  return typeof owner === 'string' && isNumberOrNone(until)
}

function isNumberOrNone(value: unknown): boolean {
  return value === undefined || Number.isFinite(value)
}

function hasNumbers<T>(row: unknown, numbers: readonly (keyof T)[]): row is T {
  if (typeof row !== 'object' || row === null) return false
  return numbers.every((name) => Number.isFinite((row as T)[name]))
}

function foreignRow(key: Key, row: unknown): DiskCacheError {
  const message = `Cannot use the row ${quote(key)}: something else has stored ${quote(row)} there; remove it, or choose another name`
  return new DiskCacheError('ERR_DISKCACHE_FOREIGN_VALUE', message, { key })
}
