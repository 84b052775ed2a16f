import {
  checkOptions,
  checkPin,
  checkTtl,
  drawTtl,
  type Ttl,
  WRITE_OPTION_NAMES,
  type WriteOptions,
} from '@diskcache/core'
import { encodeTags } from '../bytes/tag-bytes.ts'

/** Milliseconds. Redis counts in 64 bits, but JavaScript in 53. */
const LONGEST_TTL = 2 ** 52

export const NO_TAGS = Buffer.alloc(0)

/** Write options as the commands need them. */
export interface EntryOptions {
  /** Whole milliseconds; 0: expired from the start; `null`: for ever. */
  readonly ttl: number | null
  readonly tags: Buffer
  /** As `encodeMetadata` gives them. */
  readonly metadata?: Buffer | undefined
}

const PLAIN: EntryOptions = Object.freeze({ ttl: null, tags: NO_TAGS })

/** Throws `TypeError` or `RangeError` that names the option. `pin` is checked, and has no effect. */
export function entryOptions(options: WriteOptions | undefined): EntryOptions {
  if (options === undefined) return PLAIN
  checkOptions('the write options', options, WRITE_OPTION_NAMES)
  const { ttl, tag, pin } = options
  if (pin !== undefined) checkPin(pin)
  return { ttl: wholeTtl(ttl), tags: tag === undefined ? NO_TAGS : encodeTags(tag) }
}

/** At least as long as was asked for; drawn here where it is a range. */
export function wholeTtl(ttl: Ttl | undefined): number | null {
  if (ttl === undefined) return null
  const time = drawTtl(checkTtl(ttl))
  return time === Infinity ? null : Math.min(Math.ceil(time), LONGEST_TTL)
}

/** A time to live as an argument of the scripts. */
export function ttlArgument(ttl: number | null): string {
  return ttl === null ? 'none' : String(ttl)
}
