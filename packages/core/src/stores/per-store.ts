import type { RecipeStore } from './recipe-store.ts'

/** Returns a function that makes one thing for each store, which lives as long as the store does. */
export function perStore<T>(make: (store: RecipeStore) => T): (store: RecipeStore) => T {
  const made = new WeakMap<RecipeStore, T>()
  return (store) => {
    const known = made.get(store)
    if (known !== undefined) return known
    const fresh = make(store)
    made.set(store, fresh)
    return fresh
  }
}
