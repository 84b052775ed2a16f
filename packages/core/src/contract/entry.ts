/**
 * A key: a string, number, bigint, boolean, `null`, bytes, a date, or an array or plain object of these. Keys are checked
 * at run time and compared by value: `1`, `1n` and `1.0` are one key, and so are `0` and `-0`; the order of an object's
 * properties does not matter.
 */
export type Key = string | number | bigint | boolean | null | Uint8Array | Date | readonly unknown[] | object

/** A label of an entry, by which `evict` removes all that have it. */
export type Tag = string | number | Uint8Array

/** A label of an entry, or several. */
export type Tags = Tag | readonly Tag[]

/** Stands for all entries that have no label, where a {@link Tag} stands for all that have it. */
export interface Untagged {
  /** Always `true`. */
  untagged: true
}

/** The entries that are meant: those that have a tag, or any of several, or none. */
export type TagChoice = Tags | Untagged

/**
 * How an entry is kept from being evicted or culled before it expires: `true` in any case, `false` not at all. With
 * `'share'` it is one of many small ones, such as the rows of recipes: they stay as long as all of them together take
 * less than about a sixteenth of the size limit, and are at most a sixteenth of `maxEntries`, and beyond that the oldest
 * of them go, before anything else.
 */
export type Pin = boolean | 'share'

/** A time to live between two, in milliseconds, drawn by chance for each entry that is written: {@link Ttl} with jitter. */
export interface TtlRange {
  /** The shortest. */
  min: number
  /** The longest, `min` or more, and finite. */
  max: number
}

/**
 * A time to live, in milliseconds: a number, `Infinity` for ever; or one that is drawn by chance between two for each
 * entry. That is called jitter: entries that were written together do not expire together.
 *
 * @example
 * ```ts
 * import { Cache } from '@diskcache/cache'
 *
 * using cache = new Cache('cache-directory', { ttl: { min: 50_000, max: 60_000 } })
 * cache.setMany([['a', 1], ['b', 2]]) // → [true, true]
 * cache.set('kept', 3, { ttl: Infinity }) // → true
 * cache.getEntry('kept')?.expireTime // → null
 * ```
 */
export type Ttl = number | TtlRange

/** The options of every method that stores a value. */
export interface WriteOptions {
  /**
   * The time to live, in milliseconds, or a range of it, of which one is drawn for each entry. Left out, it is the
   * default of the store, where that has the option `ttl`, and otherwise the entry never expires, as with `Infinity`;
   * with `0` it has expired already.
   */
  ttl?: Ttl | undefined
  /**
   * A label for `evict`, or up to 128 of them; none unless given. Of several, Python sees the first.
   */
  tag?: Tags | undefined
  /** Whether the entry is kept from being evicted or culled before it expires; `false` unless given. */
  pin?: Pin | undefined
}

/** A live entry, with what was stored beside its value. */
export interface Entry<V> {
  /** A copy of the value that was stored. */
  readonly value: V
  /** The moment at which the entry expires, in epoch milliseconds, or `null` when it never does. */
  readonly expireTime: number | null
  /** The labels that the entry was stored with; an empty array when there were none. */
  readonly tags: readonly Tag[]
  /** A copy of what `write` was given as `metadata` beside the bytes; left out when it was given none. */
  readonly metadata?: unknown
}

/** A live entry together with its key. */
export interface KeyedEntry<K, V> extends Entry<V> {
  /** The key of the entry. */
  readonly key: K
}

/**
 * What the callback of `update` decides to do to an entry: one of `set`, `delete` and `keep`. What is left out of a
 * `set` stays as it was.
 */
export type Change<V> =
  | {
      /** Stores this value. */
      set: V
      /** Not beside `set`. */
      delete?: never
      /** Not beside `set`. */
      keep?: never
      /**
       * The new time to live, in milliseconds from now; left out, the expiry stays, and a new entry gets that of the
       * store's option `ttl`.
       */
      ttl?: Ttl | undefined
      /** The new labels for `evict`; left out, the old ones stay. */
      tag?: Tags | undefined
      /** Whether the entry is kept from being evicted; left out, that stays as it was. */
      pin?: Pin | undefined
    }
  | {
      /** Removes the entry. */
      delete: true
      /** Not beside `delete`. */
      set?: never
      /** Not beside `delete`. */
      keep?: never
    }
  | {
      /** Leaves the entry as it is. */
      keep: true
      /** Not beside `keep`. */
      set?: never
      /** Not beside `keep`. */
      delete?: never
    }

/**
 * The type of keys that `incr` and `decr` take: none where the values of the store are never numbers. The result is a
 * number also where a bigint was, so a store of bigints alone has no counters, and one of `number | bigint` has.
 */
export type CounterKey<K, V> = number extends V ? K : never

/**
 * What the body of `transact` returns: anything but a promise. A type that is a parameter still, as in a function that
 * hands a body on, is taken as it is; the call refuses a promise at run time.
 */
export type Synchronous<T> = HasPromise<T> extends 'yes' ? never : T

/**
 * Whether a type is, or may be, a promise. That `any` has an answer of its own is what lets type parameters pass:
 * TypeScript tries a condition on them with `any`, and leaves out a branch that not even `any` leads to. It must not be
 * asked by a tuple, or by the type alone: for these it gives `any` back unasked.
 */
type HasPromise<T> = { is: 0 } extends { is: 1 & T }
  ? 'any'
  : [Extract<T, PromiseLike<unknown>>] extends [never]
    ? 'no'
    : 'yes'

/** The options of `incr` and `decr`. Those of a write apply when the entry is created. */
export interface CounterOptions extends WriteOptions {
  /**
   * The number that a missing or expired counter starts from, 0 unless given. With `null`, a counter that is missing
   * throws `ERR_DISKCACHE_KEY_MISSING`.
   */
  initial?: number | null | undefined
}
