/** What one process saw, in milliseconds. */
export interface TickingReport {
  /** Between two ticks of its event loop. */
  readonly largestGap: number
  /** Operations of the cache that were done. */
  readonly operations: number
  /** The one that took longest, which waits as long as the lock is held. */
  readonly longest: number
}
