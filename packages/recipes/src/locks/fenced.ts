import {
  type Abortable,
  type AnyStore,
  checkNumber,
  checkOptions,
  type Key,
  recipeStore,
  refuseInTransaction,
  rowKey,
  type WriteOptions,
} from '@diskcache/core'

export interface FencedValue<V = unknown> {
  readonly value: V
  /** The fencing token under which it was written. */
  readonly token: number
}

/**
 * Writes a value unless one with a higher fencing token is there, in one atomic step; whether it was written. So a
 * holder that lost its lock without noticing cannot overwrite what its successor wrote.
 *
 * The value and its token are one pinned row, to be read with {@link getFenced}. When that expires or is deleted, the
 * token is forgotten: choose a `ttl` that is longer than any holder may be stopped.
 *
 * @throws DiskCacheError ERR_DISKCACHE_TOO_LARGE, ERR_DISKCACHE_UNSUPPORTED_VALUE as `update` does
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
  let isNewer = false
  await target.update(
    fencedKey(key),
    (entry) => {
      isNewer = entry === undefined || (entry.value as FencedValue).token <= token
      return isNewer ? { set: { value, token }, ttl, tag, pin } : { keep: true }
    },
    { signal },
  )
  return isNewer
}

/** What {@link setIfNewer} wrote last under this key. */
export async function getFenced<V = unknown>(
  store: AnyStore,
  key: Key,
  options?: Abortable,
): Promise<FencedValue<V> | undefined> {
  const target = recipeStore(store)
  refuseInTransaction(target)
  return (await target.get(fencedKey(key), options)) as FencedValue<V> | undefined
}

function fencedKey(key: Key): Key {
  return rowKey('fenced', key)
}
