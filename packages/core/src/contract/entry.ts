/**
 * What can be a key: strings, numbers, bigints, booleans, `null`, bytes, dates, and arrays and plain objects of
 * these. Checked at run time. `1`, `1n` and `1.0` are one key, and so are `0` and `-0`; the order of an object's
 * properties does not matter.
 */
export type Key = string | number | bigint | boolean | null | Uint8Array | Date | readonly unknown[] | object

export type Tag = string | number | Uint8Array

export interface WriteOptions {
  /** Time to live in milliseconds. Left out or `Infinity`: never expires. `0`: already expired. */
  ttl?: number | undefined
  /** A label for `evict`. One today; an array of more than one is a `RangeError`. */
  tag?: Tag | readonly Tag[] | undefined
  /** Never evicted or culled before it expires. */
  pin?: boolean | undefined
}

export interface Entry<V> {
  readonly value: V
  /** Epoch milliseconds, or `null` when it never expires. */
  readonly expireTime: number | null
  readonly tags: readonly Tag[]
}

export interface KeyedEntry<K, V> extends Entry<V> {
  readonly key: K
}

/** What `update` does to an entry. What is left out of a `set` stays as it was. */
export type Change<V> =
  | { set: V; ttl?: number | undefined; tag?: Tag | readonly Tag[] | undefined; pin?: boolean | undefined }
  | { delete: true }
  | { keep: true }

export interface CounterOptions extends WriteOptions {
  /** What a missing or expired counter starts from, 0; `null`: throw `ERR_DISKCACHE_KEY_MISSING`. */
  initial?: number | null | undefined
}
