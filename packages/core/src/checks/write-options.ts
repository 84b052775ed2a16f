import type { Pin, Ttl, WriteOptions } from '../contract/entry.ts'
import { checkNumber, checkOptions, isOptions, quote } from './argument-check.ts'

/** The names of the members of `WriteOptions`. */
export const WRITE_OPTION_NAMES = ['ttl', 'tag', 'pin'] as const

/** The names of the members of `StreamWriteOptions`. */
export const STREAM_WRITE_OPTION_NAMES = [...WRITE_OPTION_NAMES, 'metadata'] as const

/** Returns the time to live that `touch` was given; throws `TypeError` when there is none. */
export function touchTtl({ ttl }: { readonly ttl?: Ttl | undefined }): Ttl {
  if (ttl !== undefined) return ttl
  throw new TypeError('Cannot touch: ttl is missing; Infinity removes the expiry')
}

/**
 * Returns a time to live, which may be a range; throws `TypeError` or `RangeError` for what is none, which names it.
 * `kinds` is what is allowed, for the message.
 */
export function checkTtl(ttl: unknown, name = 'ttl', kinds = 'a number or { min, max }'): Ttl {
  if (typeof ttl !== 'object' || ttl === null)
    return checkNumber(name, ttl, { min: 0, infinity: true, kinds })
  checkOptions(name, ttl, ['min', 'max'])
  const { min, max } = ttl as Record<'min' | 'max', unknown>
  if (min === undefined || max === undefined)
    throw new TypeError(`Cannot use ${name}: expected both min and max, or a number, got ${quote(ttl)}`)
  if (max === Infinity)
    throw new RangeError(
      `Cannot use ${name}: expected a finite max, or Infinity as ${name} itself, got ${quote(ttl)}`,
    )
  const range = {
    min: checkNumber(`${name}.min`, min, { min: 0 }),
    max: checkNumber(`${name}.max`, max, { min: 0 }),
  }
  if (range.min <= range.max) return range
  throw new RangeError(`Cannot use ${name}: expected a min of at most max, got ${quote(ttl)}`)
}

/** Returns the time to live of one entry: of a range, one that is drawn by chance, in whole milliseconds above `min`. */
export function drawTtl(ttl: Ttl): number {
  if (typeof ttl === 'number') return ttl
  const { min, max } = ttl
  return Math.min(max, min + Math.floor(Math.random() * (max - min + 1)))
}

/** Returns write options with the default time to live of a store, where there is one and they give none. */
export function withDefaultTtl(
  options: WriteOptions | undefined,
  ttl: Ttl | undefined,
): WriteOptions | undefined {
  return ttl === undefined || options?.ttl !== undefined ? options : { ...options, ttl }
}

/** Returns the options of one entry of many: its own, and those for all where it has none, or `undefined`. */
export function withCommonOptions(
  own: WriteOptions | undefined,
  common: WriteOptions | undefined,
): WriteOptions | undefined {
  if (own === undefined) return common
  if (common === undefined || !isOptions(own)) return own
  const { ttl = common.ttl, tag = common.tag, pin = common.pin } = own
  return { ...common, ...own, ttl, tag, pin }
}

/** Returns `pin`; throws `TypeError` for what is neither a boolean nor `'share'`. */
export function checkPin(pin: unknown): Pin {
  if (typeof pin === 'boolean' || pin === 'share') return pin
  throw new TypeError(`Cannot use pin: expected a boolean or "share", got ${quote(pin)}`)
}
