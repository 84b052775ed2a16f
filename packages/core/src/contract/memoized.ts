import type { Key, Tags, Ttl } from './entry.ts'

/**
 * What becomes of a result: for how long it is kept, and whether at all. Functions among the options are given the
 * result itself, not a promise of it, once it is there. When one throws, or returns what it must not, the caller gets
 * the result, nothing is kept, and the channel `diskcache:error` is told.
 */
export interface ResultOptions<V> {
  /**
   * The time to live of a result, in milliseconds, or a range of it, of which one is drawn for each, or a function of the
   * result that returns either. Left out, it is the default of the store; without one, and with `Infinity`, results never
   * expire.
   */
  ttl?: Ttl | ((value: V) => Ttl) | undefined
  /** Tells whether a result is kept; all of them are unless given. The next call computes what is not. */
  keep?: ((value: V) => boolean) | undefined
  /**
   * The time in milliseconds for which a failure is kept, or a function of the error that returns it: so long, calls in
   * all processes fail at once, with an error that has its name, message and `code`; those of `memoize` where they have
   * this option. 0 by default.
   */
  failureTtl?: number | ((error: unknown) => number) | undefined
}

/** The options of `memoize`, for a function with the arguments `A` that returns `R`. */
export interface MemoizeOptions<A extends readonly unknown[], R = unknown> extends ResultOptions<Awaited<R>> {
  /**
   * The name under which the results are kept, for every process; one for each function of a store, and for whatever it
   * takes from around it. It is required, because a function's own name collides between files and changes under a
   * minifier.
   */
  name: string
  /** A label of each result, for `evict`, or several; none unless given. */
  tag?: Tags | undefined
  /** The positions, from 0, of arguments that do not take part in the key; none unless given. */
  ignore?: readonly number[] | undefined
  /** Makes the key from the arguments; left out, the arguments themselves are the key. */
  key?: ((...args: A) => Key) | undefined
}

/** A function that keeps its results in a store, and two more that deal with them. */
export type Memoized<A extends readonly unknown[], R> = ((...args: A) => R) & {
  /** Returns the key under which the result for these arguments is kept. */
  cacheKey(...args: A): Key
  /** Removes the result for these arguments, or the failure, for every process, and returns whether there was one. */
  forget(...args: A): boolean
  /** The function that was memoized. */
  readonly original: (...args: A) => R
}
