import { quote } from '../checks/argument-check.ts'
import type { AsyncStore } from '../contract/async-store.ts'
import { DiskCacheError } from '../contract/errors.ts'

/** The members of `AsyncStore` that recipes need of an engine. */
export type RecipeStore = Pick<
  AsyncStore,
  'capabilities' | 'inTransaction' | 'get' | 'popEntry' | 'set' | 'update' | 'delete' | 'waitFor'
>

/** A store that recipes accept: an `AsyncStore`, or a `Store`, of which they use `promises`. */
export type AnyStore =
  | RecipeStore
  | {
      /** The promise face of a `Store`. */
      readonly promises: RecipeStore
    }

const names = new WeakMap<RecipeStore, string>()

/** Returns the promise face of a store, and throws `TypeError` for what is no store. */
export function recipeStore(store: AnyStore): RecipeStore {
  const given = store as
    | Partial<RecipeStore & { promises: RecipeStore; directory: unknown }>
    | null
    | undefined
  const found = (given?.promises ?? given) as RecipeStore | null | undefined
  if (typeof found?.update !== 'function') {
    throw new TypeError(`Cannot use store: expected a Store or an AsyncStore, got ${quote(store)}`)
  }
  if (typeof given?.directory === 'string') names.set(found, given.directory)
  return found
}

/** Returns the name of the store in diagnostics: its directory, once a recipe was given a store that has one. */
export function nameOf(store: RecipeStore): string | undefined {
  return names.get(store)
}

/**
 * Throws `ERR_DISKCACHE_REENTRANT` inside the synchronous `transact`: the steps of a recipe would come after that.
 * Every operation of a recipe begins with this.
 */
export function refuseInTransaction({ inTransaction }: RecipeStore): void {
  if (inTransaction !== true) return
  throw new DiskCacheError(
    'ERR_DISKCACHE_REENTRANT',
    'Cannot use a recipe inside transact: it would take effect afterwards; use it around transact',
  )
}
