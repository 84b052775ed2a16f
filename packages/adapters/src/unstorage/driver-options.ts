import type { CacheOptions } from '@diskcache/cache'
import {
  checkOptions,
  checkPatience,
  checkString,
  checkTtl,
  type PatienceOptions,
  quote,
  type Ttl,
} from '@diskcache/core'

/** The options of {@link diskcacheDriver}. */
export interface DiskcacheDriverOptions extends PatienceOptions {
  /**
   * What tells the items of this driver from those of others in the same store, without a colon; none unless given. All
   * drivers with one base, in all processes, share their items.
   */
  base?: string | undefined
  /**
   * The time to live of items that are set without one, in seconds, or a range of it, of which one is drawn for each
   * item; with 0 or `Infinity` for ever. Left out, it is the default of the store, where that has one, or for ever.
   */
  ttl?: Ttl | undefined
  /** The options of the `Cache` that is opened, where a directory is given; none beside a store. */
  cache?: CacheOptions | undefined
}

const NAMES = ['base', 'ttl', 'cache', 'storeTimeout']

/** Throws `TypeError` or `RangeError` for an unknown or illegal option; those of `cache` are checked when it is opened. */
export function checkDriverOptions(options: DiskcacheDriverOptions): void {
  checkOptions('the options of the driver', options, NAMES)
  const { base, ttl, storeTimeout } = options
  if (base !== undefined) checkBase(base)
  if (ttl !== undefined) millisecondsOf(ttl)
  checkPatience({ storeTimeout })
}

/** Returns a time to live in milliseconds for one of unstorage; `Infinity` for 0, by which drivers mean none. */
export function millisecondsOf(ttl: unknown): Ttl {
  if (typeof ttl !== 'object' || ttl === null)
    return Number(checkTtl(ttl, 'ttl, which is in seconds')) * 1_000 || Infinity
  const range = checkTtl(ttl)
  return typeof range === 'number' ? range : { min: range.min * 1_000, max: range.max * 1_000 }
}

/** With a colon, one base could be the beginning of another, and `clear` would remove the items of both. */
function checkBase(base: unknown): void {
  const text = checkString('base', base)
  if (text.isWellFormed() && !text.includes(':')) return
  throw new RangeError(
    `Cannot use base ${quote(text)}: expected well-formed text without a colon, such as 'app-v1'`,
  )
}
