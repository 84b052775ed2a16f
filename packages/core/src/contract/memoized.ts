import type { Key, Tag, Ttl } from './entry.ts'

/** The options of `memoize`. */
export interface MemoizeOptions<A extends readonly unknown[]> {
  /**
   * The name under which the results are kept, for every process; one for each function of a store, and for whatever it
   * takes from around it. It is required, because a function's own name collides between files and changes under a
   * minifier.
   */
  name: string
  /**
   * The time to live of each result, in milliseconds, or a range of it, of which one is drawn for each. Left out, it is
   * the default of the store; without one, and with `Infinity`, results never expire.
   */
  ttl?: Ttl | undefined
  /** A label of each result, for `evict`; none unless given. */
  tag?: Tag | undefined
  /** The positions, from 0, of arguments that do not take part in the key; none unless given. */
  ignore?: readonly number[] | undefined
  /** Makes the key from the arguments; left out, the arguments themselves are the key. */
  key?: ((...args: A) => Key) | undefined
}

/** A function that keeps its results in a store, and two more that deal with them. */
export type Memoized<A extends readonly unknown[], R> = ((...args: A) => R) & {
  /** Returns the key under which the result for these arguments is kept. */
  cacheKey(...args: A): Key
  /** Removes the result for these arguments, for every process, and returns whether there was one. */
  forget(...args: A): boolean
  /** The function that was memoized. */
  readonly original: (...args: A) => R
}
