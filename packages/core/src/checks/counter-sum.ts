import type { CounterOptions, Key, WriteOptions } from '../contract/entry.ts'
import { DiskCacheError } from '../contract/errors.ts'
import { checkNumber, checkOptions, quote } from './argument-check.ts'
import { WRITE_OPTION_NAMES } from './write-options.ts'

const OPTION_NAMES = [...WRITE_OPTION_NAMES, 'initial']

/** The options of a counter, those of the counter itself checked. */
export interface CheckedCounter {
  /** The number that a missing counter starts from; `null` when there must be one already. */
  readonly initial: number | null
  /** The write options, not checked yet: every engine reads them in its own way. */
  readonly write: WriteOptions
}

/** Splits the options of a counter; throws `TypeError` or `RangeError` that names an illegal argument or option. */
export function checkCounter(delta: number, options: CounterOptions): CheckedCounter {
  checkOptions('the options of a counter', options, OPTION_NAMES)
  checkNumber('delta', delta)
  const { initial = 0, ...write } = options
  if (initial !== null) checkNumber('initial', initial, { kinds: 'a number or null' })
  return { initial, write }
}

/**
 * Returns what a counter is after `delta` was added to its value, or to `initial` where it has none. The errors have a
 * `key`.
 *
 * @throws TypeError for a value that is no number
 * @throws RangeError when an integer sum would not be exact
 * @throws DiskCacheError ERR_DISKCACHE_KEY_MISSING when there is no value and `initial` is `null`
 */
export function counterSum(
  key: Key,
  entry: { readonly value: unknown } | undefined,
  initial: number | null,
  delta: number,
): number {
  const value = entry === undefined ? (initial ?? keyMissing(key)) : entry.value
  if (typeof value !== 'number' && typeof value !== 'bigint')
    throw notChanged(TypeError, key, delta, `its value ${quote(value)} is not a number`)
  const isExact = typeof value === 'bigint' && Number.isInteger(delta)
  const result = isExact ? Number(value + BigInt(delta)) : Number(value) + delta
  if (!Number.isInteger(result) || Number.isSafeInteger(result)) return result
  throw notChanged(RangeError, key, delta, 'the result would not be a safe integer')
}

function notChanged(Misuse: ErrorConstructor, key: Key, delta: number, why: string): Error {
  return Object.assign(new Misuse(`Cannot change ${quote(key)} by ${delta}: ${why}`), { key })
}

function keyMissing(key: Key): never {
  const message = `Cannot change ${quote(key)}: it has no value`
  throw new DiskCacheError('ERR_DISKCACHE_KEY_MISSING', message, { key })
}
