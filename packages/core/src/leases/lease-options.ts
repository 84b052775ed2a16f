import { checkNumber, checkOptions } from '../checks/argument-check.ts'
import type { Tag } from '../contract/entry.ts'
import { MAX_TIMER_MS } from '../waiting/wait-options.ts'

/** The shortest lease, in milliseconds. Shorter ones could not be renewed in time. */
const MIN_LEASE_MS = 100

/** The options of locks and semaphores. */
export interface LeaseOptions {
  /**
   * The milliseconds after which a holder that has stopped renewing, because its process died or hangs, loses its
   * hold, 30,000 unless given, at least 100. A third of this passes between two renewals.
   */
  lease?: number | undefined
  /** A label of the row, for `evict`, which takes the lock away from every holder; none unless given. */
  tag?: Tag | undefined
}

/** Returns the options with their defaults; throws `TypeError` or `RangeError` that names an illegal option. */
export function leaseOptions(options: LeaseOptions): { lease: number; tag: Tag | undefined } {
  checkOptions('the options of a lock', options, ['lease', 'tag'])
  return { lease: checkLease(options.lease ?? 30_000), tag: options.tag }
}

/** Returns the length of a lease, in milliseconds; throws `TypeError` or `RangeError` for what is none. */
export function checkLease(lease: number): number {
  return checkNumber('lease', lease, { min: MIN_LEASE_MS, max: MAX_TIMER_MS })
}
