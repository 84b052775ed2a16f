import { checkNumber } from './argument-check.ts'

/** The names of the members of `WriteOptions`. */
export const WRITE_OPTION_NAMES = ['ttl', 'tag', 'pin'] as const

/** Returns a time to live, in milliseconds or `Infinity`; throws `TypeError` or `RangeError` for what is none. */
export function checkTtl(ttl: unknown): number {
  return checkNumber('ttl', ttl, { min: 0, infinity: true })
}
