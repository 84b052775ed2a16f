import type { Pin } from '../contract/entry.ts'
import { checkNumber, quote } from './argument-check.ts'

/** The names of the members of `WriteOptions`. */
export const WRITE_OPTION_NAMES = ['ttl', 'tag', 'pin'] as const

/** Returns the time to live that `touch` was given; throws `TypeError` when there is none. */
export function touchTtl({ ttl }: { readonly ttl?: number | undefined }): number {
  if (ttl !== undefined) return ttl
  throw new TypeError('Cannot touch: ttl is missing; Infinity removes the expiry')
}

/** Returns a time to live, in milliseconds or `Infinity`; throws `TypeError` or `RangeError` for what is none. */
export function checkTtl(ttl: unknown): number {
  return checkNumber('ttl', ttl, { min: 0, infinity: true })
}

/** Returns `pin`; throws `TypeError` for what is neither a boolean nor `'share'`. */
export function checkPin(pin: unknown): Pin {
  if (typeof pin === 'boolean' || pin === 'share') return pin
  throw new TypeError(`Cannot use pin: expected a boolean or "share", got ${quote(pin)}`)
}
