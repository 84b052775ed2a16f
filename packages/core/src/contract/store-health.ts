/**
 * How a store does: `'up'`; `'busy'`, when it can be read, but writing takes too long, as while another process has the
 * lock; or `'away'`, when it does not answer at all.
 */
export type StoreStatus = 'up' | 'busy' | 'away'

/** How a store does, as far as the recipes and adapters of this process have noticed. */
export interface StoreHealth {
  /** Whether it can be used. */
  readonly status: StoreStatus
  /** Since when, in epoch milliseconds. */
  readonly since: number
  /** Why it is not up: what the last probe failed with. */
  readonly error?: unknown
}
