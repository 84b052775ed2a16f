import { type AnyStore, recipeStore } from '../leases/recipe-store.ts'
import { breakerOf } from './store-breaker.ts'

/**
 * How a store does: `'up'`; `'busy'`, when it can be read, but writing takes too long, as while another process has the
 * lock; or `'away'`, when it does not answer at all.
 */
export type StoreStatus = 'up' | 'busy' | 'away'

/** How a store does, as far as the recipes and adapters of this process have noticed. */
export interface StoreHealth {
  readonly status: StoreStatus
  /** Since when, in epoch milliseconds. */
  readonly since: number
  /** Why it is not up: what the last probe failed with. */
  readonly error?: unknown
}

/**
 * Returns how a store does. Nothing is asked of it: while it is not up, probes find out in the background, at least once
 * a second, when it is back. The channel `diskcache:health` tells of every change.
 *
 * @throws TypeError for something that is no store
 */
export function storeHealth(store: AnyStore): StoreHealth {
  return breakerOf(recipeStore(store)).health
}
