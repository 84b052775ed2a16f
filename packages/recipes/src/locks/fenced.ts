import {
  type Abortable,
  type AnyStore,
  checkNumber,
  checkOptions,
  checkRow,
  guarded,
  type Key,
  recipeStore,
  refuseInTransaction,
  rowKey,
  type WriteOptions,
} from '@diskcache/core'

/** A value that {@link setIfNewer} wrote, and its token. */
export interface FencedValue<V = unknown> {
  /** The value. */
  readonly value: V
  /** The fencing token under which the value was written. */
  readonly token: number
}

/**
 * Writes a value unless one with a higher fencing token is there, in one atomic step, and returns whether it was
 * written. So a holder that lost its lock without noticing cannot overwrite what its successor wrote.
 *
 * The value and its token are one row, pinned unless `pin` is `false`, to be read with {@link getFenced}. When the row
 * expires, after `ttl` milliseconds or never by default, or is deleted, the token is forgotten: choose a `ttl` that is
 * longer than any holder may be stopped.
 *
 * @throws TypeError, RangeError for a token that is no safe integer of at least 0, or an unknown or illegal option
 * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE, ERR_DISKCACHE_UNSUPPORTED_VALUE as `update` does
 * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cache } from '@diskcache/cache'
 * import { getFenced, Lock, setIfNewer } from '@diskcache/recipes'
 *
 * await using cache = new Cache('cache-directory').promises
 * await new Lock(cache, 'prices').run(async ({ token }) => {
 *   assert.equal(await setIfNewer(cache, 'prices', 'new', token), true)
 *   assert.equal(await setIfNewer(cache, 'prices', 'old', token - 1), false)
 * })
 * assert.equal((await getFenced(cache, 'prices'))?.value, 'new')
 * ```
 */
export async function setIfNewer(
  store: AnyStore,
  key: Key,
  value: unknown,
  token: number,
  options: WriteOptions & Abortable = {},
): Promise<boolean> {
  checkNumber('token', token, { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true })
  checkOptions('the options of setIfNewer', options, ['ttl', 'tag', 'pin', 'signal'])
  const { ttl = Infinity, tag, pin = true, signal } = options
  const target = recipeStore(store)
  refuseInTransaction(target)
  const row = fencedKey(key)
  let isNewer = false
  await guarded(target).update(
    row,
    (entry) => {
      isNewer = entry === undefined || checkRow<FencedValue>(row, entry.value, ['token']).token <= token
      return isNewer ? { set: { value, token }, ttl, tag, pin } : { keep: true }
    },
    { signal },
  )
  return isNewer
}

/**
 * Returns what {@link setIfNewer} wrote last under `key`, with its token, or `undefined` when there is nothing.
 *
 * @throws DiskCacheError ERR_DISKCACHE_CLOSED when the store is closed, ERR_DISKCACHE_REENTRANT inside `transact`
 */
export async function getFenced<V = unknown>(
  store: AnyStore,
  key: Key,
  options?: Abortable,
): Promise<FencedValue<V> | undefined> {
  const target = recipeStore(store)
  refuseInTransaction(target)
  const row = fencedKey(key)
  const found = await guarded(target).get(row, { ...options, fresh: true })
  return found === undefined ? undefined : checkRow<FencedValue<V>>(row, found, ['token'])
}

function fencedKey(key: Key): Key {
  return rowKey('fenced', key)
}
