import { type AnyStore, checkFunction, type Key, recipeStore } from '@diskcache/core'
import { type GetOrSetOptions, getOrSetOptions } from './compute-options.ts'
import { type Compute, ComputedValue, forgetValue } from './computed-value.ts'

/**
 * The value that is kept for `key`, or else what `make` gives, which is then kept. All processes together compute a
 * missing value once; a value that is about to expire is computed anew in the background, by one caller, while all get
 * the present one.
 *
 * A failure of `make` reaches those who wait for it: in this process as it is, in others with its name, message and
 * `code`, and as `cause` what else is known. A failure of the store does not: the value is computed, and `onError` told.
 *
 * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed
 * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT when there is no value after `timeout` milliseconds
 */
export async function getOrSet<V>(
  store: AnyStore,
  key: Key,
  make: Compute<V>,
  options: GetOrSetOptions = {},
): Promise<V> {
  checkFunction('make', make)
  const compute = getOrSetOptions(options)
  return new ComputedValue(recipeStore(store), key, make, compute).get(options)
}

/** Forgets the value, also one that is being computed; whether there was one. */
getOrSet.forget = async (store: AnyStore, key: Key): Promise<boolean> => forgetValue(recipeStore(store), key)
