const WAY =
  "getOrSet is a function of its own: npm install @diskcache/recipes, import { getOrSet } from '@diskcache/recipes', and call getOrSet(store, key, make)"

/**
 * What the compiler shows to those who call `getOrSet` as a method of a store: `this` is never of this type. Arguments
 * and result are of any, so that a subclass may have a `getOrSet` that works.
 */
export type RecipeHint = typeof WAY

/** Throws `TypeError` that says how `getOrSet` is called, to those who call it as a method of a store. */
export function refuseGetOrSet(): never {
  throw new TypeError(`Cannot call getOrSet of a store: ${WAY}`)
}
