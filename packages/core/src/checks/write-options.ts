import { checkNumber } from './argument-check.ts'

/** The members of `WriteOptions`. */
export const WRITE_OPTION_NAMES = ['ttl', 'tag', 'pin'] as const

/** Returns the time to live that `touch` was given; throws `TypeError` when there is none. */
export function touchTtl({ ttl }: { readonly ttl?: number | undefined }): number {
  if (ttl !== undefined) return ttl
  throw new TypeError('Cannot touch: ttl is missing; Infinity removes the expiry')
}

/** Gives a time to live back, in milliseconds or `Infinity`; throws `TypeError` or `RangeError`. */
export function checkTtl(ttl: unknown): number {
  return checkNumber('ttl', ttl, { min: 0, infinity: true })
}
