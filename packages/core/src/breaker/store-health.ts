import type { StoreHealth } from '../contract/store-health.ts'
import { type AnyStore, recipeStore } from '../stores/recipe-store.ts'
import { breakerOf } from './store-breaker.ts'

/**
 * Returns how a store does. Nothing is asked of it: while it is not up, probes find out in the background, at least once
 * a second, when it is back. The channel `diskcache:health` tells of every change.
 *
 * @throws TypeError for something that is no store
 */
export function storeHealth(store: AnyStore): StoreHealth {
  return breakerOf(recipeStore(store)).health
}
