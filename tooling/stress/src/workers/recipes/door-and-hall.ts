import { type AnyStore, BoundedSemaphore, Lock, RLock } from '@diskcache/recipes'

/** Keys of what is held. For each there is a lock, or a semaphore, and a fenced value. */
export type Place = 'door' | 'hall'

/** Files, with what happens to those who hold it. */
export type Histories = Readonly<Record<Place, string>>

/** How many may be in one at a time. */
export const CAPACITIES: Readonly<Record<Place, number>> = { door: 1, hall: 3 }

/** A `Lock` and an `RLock` of one key are the same lock. */
export const PLACES = { Lock: 'door', RLock: 'door', BoundedSemaphore: 'hall' } as const

export type Recipe = keyof typeof PLACES

/** Lease in milliseconds. */
export function makeRecipe(recipe: Recipe, store: AnyStore, lease: number): Lock | RLock | BoundedSemaphore {
  const key = PLACES[recipe]
  if (recipe === 'Lock') return new Lock(store, key, { lease })
  if (recipe === 'RLock') return new RLock(store, key, { lease })
  return new BoundedSemaphore(store, key, CAPACITIES[key], { lease })
}
