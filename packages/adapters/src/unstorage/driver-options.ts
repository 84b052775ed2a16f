import type { CacheOptions } from '@diskcache/cache'
import {
  checkNumber,
  checkOptions,
  checkPatience,
  checkString,
  type PatienceOptions,
  quote,
} from '@diskcache/core'

/** The options of {@link diskcacheDriver}. */
export interface DiskcacheDriverOptions extends PatienceOptions {
  /**
   * What tells the items of this driver from those of others in the same store, without a colon; none unless given. All
   * drivers with one base, in all processes, share their items.
   */
  base?: string | undefined
  /** The time to live of items that are set without one, in seconds. Left out, 0 or `Infinity`: for ever. */
  ttl?: number | undefined
  /** The options of the `Cache` that is opened, where a directory is given; none beside a store. */
  cache?: CacheOptions | undefined
}

const NAMES = ['base', 'ttl', 'cache', 'storeTimeout']

/** Throws `TypeError` or `RangeError` for an unknown or illegal option; those of `cache` are checked when it is opened. */
export function checkDriverOptions(options: DiskcacheDriverOptions): void {
  checkOptions('the options of the driver', options, NAMES)
  const { base, ttl, storeTimeout } = options
  if (base !== undefined) checkBase(base)
  if (ttl !== undefined) checkSeconds(ttl)
  checkPatience({ storeTimeout })
}

/** Returns a time to live in milliseconds for one of unstorage; `Infinity` for 0, by which drivers mean none. */
export function millisecondsOf(ttl: unknown): number {
  return checkSeconds(ttl) * 1_000 || Infinity
}

function checkSeconds(ttl: unknown): number {
  return checkNumber('ttl, which is in seconds', ttl, { min: 0, infinity: true })
}

/** With a colon, one base could be the beginning of another, and `clear` would remove the items of both. */
function checkBase(base: unknown): void {
  const text = checkString('base', base)
  if (text.isWellFormed() && !text.includes(':')) return
  throw new RangeError(
    `Cannot use base ${quote(text)}: expected well-formed text without a colon, such as 'app-v1'`,
  )
}
