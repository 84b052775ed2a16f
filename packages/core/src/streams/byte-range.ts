import { checkNumber, checkOptions } from '../checks/argument-check.ts'
import type { ReadOptions } from '../contract/operation-options.ts'

/** Consecutive bytes of a value. */
export interface ByteRange {
  /** The position of the first byte. */
  readonly start: number
  /** The position after the last byte; `Infinity` for the end of whatever there is. */
  readonly end: number
}

const WHOLE: ByteRange = { start: 0, end: Infinity }

/**
 * Returns the part of a value that the options of `read` ask for, which is all of it without them.
 *
 * @throws TypeError, RangeError for an unknown or illegal option
 */
export function byteRangeOf(options: ReadOptions | undefined): ByteRange {
  if (options === undefined) return WHOLE
  checkOptions('the options of read', options, ['start', 'end'])
  const { start = WHOLE.start, end = WHOLE.end } = options
  checkNumber('start', start, { min: 0, integer: true })
  checkNumber('end', end, { min: start, integer: true, infinity: true })
  return { start, end }
}

/** Returns what a value of `size` bytes has of a range. */
export function rangeWithin(size: number, { start, end }: ByteRange): ByteRange {
  return { start: Math.min(start, size), end: Math.min(end, size) }
}
