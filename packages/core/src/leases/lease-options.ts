import { checkNumber, checkOptions } from '../checks/argument-check.ts'
import type { Tag } from '../contract/entry.ts'
import { MAX_TIMER_MS } from '../waiting/wait-options.ts'

/** Shorter leases could not be renewed in time. */
const MIN_LEASE_MS = 100

export interface LeaseOptions {
  /**
   * Milliseconds after which a holder that stopped renewing, because its process died or hangs, loses its hold; 30,000.
   * It is renewed every third of this.
   */
  lease?: number | undefined
  /** A label of the row, for `evict`, which takes the lock away from whoever holds it. */
  tag?: Tag | undefined
}

/** Gives the options with their defaults; throws `TypeError` or `RangeError` that names the option. */
export function leaseOptions(options: LeaseOptions): { lease: number; tag: Tag | undefined } {
  checkOptions('the options of a lock', options, ['lease', 'tag'])
  return { lease: checkLease(options.lease ?? 30_000), tag: options.tag }
}

export function checkLease(lease: number): number {
  return checkNumber('lease', lease, { min: MIN_LEASE_MS, max: MAX_TIMER_MS })
}
