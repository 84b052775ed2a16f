import type { RecipeStore } from './recipe-store.ts'
import { commonOf } from './store-part.ts'

/**
 * Returns a function that makes one thing for each store, which lives as long as the store does. All objects of one
 * namespace are one store.
 */
export function perStore<T>(make: (store: RecipeStore) => T): (store: RecipeStore) => T {
  const made = new WeakMap<object, T>()
  return (store) => {
    const owner = commonOf(store)
    const known = made.get(owner)
    if (known !== undefined) return known
    const fresh = make(store)
    made.set(owner, fresh)
    return fresh
  }
}
