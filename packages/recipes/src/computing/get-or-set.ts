import { type AnyStore, checkFunction, type Key, recipeStore } from '@diskcache/core'
import { type GetOrSetOptions, getOrSetOptions } from './compute-options.ts'
import { type Compute, ComputedValue, forgetValue } from './computed-value.ts'

/**
 * Returns the value that is kept for `key`, or else what `make` returns, which is then kept. All processes together
 * compute a missing value once; a value that is about to expire is computed anew in the background, by one caller,
 * while all get the present one. `make` is given a signal that fires when all callers of this process have given up.
 *
 * A failure of `make` reaches those who wait for the value: in this process as it is, in others with its name, message
 * and `code`, and as `cause` what else is known. A failure of the store reaches nobody: the value is computed, and
 * `onError` is called.
 *
 * When to compute early follows A. Vattani, F. Chierichetti, K. Lowenstein: Optimal Probabilistic Cache Stampede
 * Prevention. PVLDB 8(8), 2015.
 *
 * @throws TypeError, RangeError for something that is no store, key or function, or an unknown or illegal option
 * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
 * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT when there is no value after `timeout` milliseconds
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cache } from '@diskcache/cache'
 * import { getOrSet } from '@diskcache/recipes'
 *
 * await using cache = new Cache('cache-directory').promises
 * const options = { ttl: 60_000, staleFor: 600_000 }
 * const user = await getOrSet(cache, ['user', 1], async () => ({ name: 'Ada' }), options)
 * assert.deepEqual(user, { name: 'Ada' })
 * ```
 */
export async function getOrSet<V>(
  store: AnyStore,
  key: Key,
  make: Compute<V>,
  options: GetOrSetOptions<V> = {},
): Promise<V> {
  checkFunction('make', make)
  const compute = getOrSetOptions(options)
  return new ComputedValue(recipeStore(store), key, make, compute).get(options)
}

/**
 * Forgets the value that {@link getOrSet} keeps for `key`, in all processes; a value that is being computed meanwhile
 * is not kept. Returns whether there was one.
 *
 * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
 */
getOrSet.forget = async (store: AnyStore, key: Key): Promise<boolean> => forgetValue(recipeStore(store), key)
