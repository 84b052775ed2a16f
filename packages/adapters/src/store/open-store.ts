import { Cache, type CacheOptions } from '@diskcache/cache'
import {
  type AnyStore,
  type AsyncStore,
  checkOptions,
  type DirectoryPath,
  isPath,
  type Key,
  quote,
  recipeStore,
  type Store,
} from '@diskcache/core'

/**
 * What an adapter works on: a directory, in which the adapter opens a `Cache` and closes it, or a store that the
 * application has opened and closes.
 */
export type StoreSource = DirectoryPath | Store | AsyncStore

/** A store, and who closes it. */
export interface OpenedStore {
  readonly store: AsyncStore
  /** Whether the adapter opened the store, and has to close it. */
  readonly isOwn: boolean
}

/**
 * Opens a `Cache` in a directory, with `options`, or takes the store that is given, which stays the application's own.
 * Classes are not compared: the ESM and the CommonJS build have one each.
 *
 * @throws TypeError, RangeError for something that is no store, for options beside a store, or an unknown or illegal
 * one
 */
export function openStore(source: StoreSource, options: CacheOptions = {}): OpenedStore {
  if (isPath(source)) return { store: named(new Cache<Key>(source, options)).promises, isOwn: true }
  const store = [(Object(source) as Partial<Store>).promises, source].find(isAsyncStore)
  if (store === undefined) {
    throw new TypeError(
      `Cannot use ${quote(source)} as a store: expected a directory, a Store or an AsyncStore`,
    )
  }
  checkOptions('the options of a store that is open', options, [])
  named(source)
  return { store, isOwn: false }
}

function isAsyncStore(value: unknown): value is AsyncStore {
  return (
    typeof value === 'object' &&
    value !== null &&
    'capabilities' in value &&
    'update' in value &&
    'count' in value
  )
}

/** Lets messages of diagnostics tell the directory of a store that has one. */
function named<S extends AnyStore>(store: S): S {
  recipeStore(store)
  return store
}
