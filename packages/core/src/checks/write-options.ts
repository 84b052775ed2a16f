import { checkNumber } from './argument-check.ts'

/** The members of `WriteOptions`. */
export const WRITE_OPTION_NAMES = ['ttl', 'tag', 'pin'] as const

/** Gives a time to live back, in milliseconds or `Infinity`; throws `TypeError` or `RangeError`. */
export function checkTtl(ttl: unknown): number {
  return checkNumber('ttl', ttl, { min: 0, infinity: true })
}
