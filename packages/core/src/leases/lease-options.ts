import { checkNumber, checkOptions } from '../checks/argument-check.ts'
import type { Tags } from '../contract/entry.ts'
import { MAX_TIMER_MS } from '../waiting/wait-options.ts'

/** The shortest lease, in milliseconds. Shorter ones could not be renewed in time. */
const MIN_LEASE_MS = 100

/** The settings of a lock or a semaphore. They are not stored: each process goes by its own. */
export interface LeaseOptions {
  /**
   * The time in milliseconds after which a holder that stopped renewing, because its process died or hangs, loses its
   * hold: 30,000 by default, at least 100. It is renewed every third of this. Choose more than the longest pause that a
   * holder should survive.
   */
  lease?: number | undefined
  /**
   * The longest time in milliseconds for which the lease is renewed, from when the hold began: `Infinity` by default, at
   * least 100. Then `lost` fires, and others may have the lock: a holder that hangs does not keep it for ever.
   */
  maxHold?: number | undefined
  /** A label of the row, for `evict`, which takes the lock away from whoever holds it. None by default. */
  tag?: Tags | undefined
}

/**
 * Returns the options with their defaults.
 *
 * @throws TypeError, RangeError naming the option that is unknown or illegal
 */
export function leaseOptions(options: LeaseOptions): {
  lease: number
  maxHold: number
  tag: Tags | undefined
} {
  checkOptions('the options of a lock', options, ['lease', 'maxHold', 'tag'])
  const { lease = 30_000, maxHold = Infinity, tag } = options
  checkNumber('maxHold', maxHold, { min: MIN_LEASE_MS, infinity: true })
  return { lease: checkLease(lease), maxHold, tag }
}

/**
 * Returns `lease`, in milliseconds.
 *
 * @throws TypeError, RangeError when it is no number, or too short or too long for a timer
 */
export function checkLease(lease: number): number {
  return checkNumber('lease', lease, { min: MIN_LEASE_MS, max: MAX_TIMER_MS })
}
