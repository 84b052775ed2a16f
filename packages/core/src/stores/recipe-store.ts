import { quote } from '../checks/argument-check.ts'
import type { AsyncStore } from '../contract/async-store.ts'
import type { Key, Ttl } from '../contract/entry.ts'
import { DiskCacheError } from '../contract/errors.ts'
import type { DEFAULT_TTL } from '../contract/hooks/default-ttl.ts'
import type { EXPECT_ABSENT } from '../contract/hooks/expect-absent.ts'
import type { STORE_FILES, StoreFiles } from '../contract/hooks/store-files.ts'
import { type STORE_PART, type StorePart, wholeOf } from './store-part.ts'

/**
 * The operations of an `AsyncStore` that recipes use. `waitFor` is optional; without it, those who wait look again and
 * again.
 */
export type RecipeStore = Pick<
  AsyncStore,
  'capabilities' | 'inTransaction' | 'get' | 'popEntry' | 'set' | 'update' | 'delete' | 'waitFor'
> & {
  /** The files of a store that has some. */
  readonly [STORE_FILES]?: StoreFiles | undefined
  /** The time to live of writes that give none; there is none in a store where these live for ever. */
  readonly [DEFAULT_TTL]?: Ttl | undefined
  /** Told of rows that are probably not there. */
  readonly [EXPECT_ABSENT]?: (key: Key) => void
  /** Of what it is a part, if it is one. */
  readonly [STORE_PART]?: StorePart
}

/** A store that recipes accept: an `AsyncStore`, or a `Store`, of which they use `promises`. */
export type AnyStore =
  | RecipeStore
  | {
      /** The promise face of a `Store`. */
      readonly promises: RecipeStore
    }

const names = new WeakMap<RecipeStore, string>()

/**
 * Returns the promises of a store.
 *
 * @throws TypeError for something that is no store
 */
export function recipeStore(store: AnyStore): RecipeStore {
  const given = store as
    | Partial<RecipeStore & { promises: RecipeStore; directory: unknown }>
    | null
    | undefined
  const found = (given?.promises ?? given) as RecipeStore | null | undefined
  if (typeof found?.update !== 'function') {
    throw new TypeError(`Cannot use store: expected a Store or an AsyncStore, got ${quote(store)}`)
  }
  if (typeof given?.directory === 'string') names.set(wholeOf(found), given.directory)
  return found
}

/**
 * Returns what diagnostics call the store: its directory, once a recipe was given something that has one; `undefined`
 * otherwise.
 */
export function nameOf(store: RecipeStore): string | undefined {
  return names.get(wholeOf(store))
}

/**
 * Throws inside the synchronous `transact`, after which the steps of a recipe would come. Every operation of a recipe
 * begins with this.
 *
 * @throws DiskCacheError ERR_DISKCACHE_REENTRANT
 */
export function refuseInTransaction({ inTransaction }: RecipeStore): void {
  if (inTransaction !== true) return
  throw new DiskCacheError(
    'ERR_DISKCACHE_REENTRANT',
    'Cannot use a recipe inside transact: it would take effect afterwards; use it around transact',
  )
}
