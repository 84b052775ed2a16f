import type { Key, Tag } from './entry.ts'

export interface MemoizeOptions<A extends readonly unknown[]> {
  /** Required: a function's own name collides between files and changes under a minifier. */
  name: string
  /** Time to live in milliseconds. */
  ttl?: number | undefined
  tag?: Tag | undefined
  /** Positions of arguments that do not take part in the key. */
  ignore?: readonly number[] | undefined
  /** Makes the key from the arguments, instead of the arguments themselves. */
  key?: ((...args: A) => Key) | undefined
}

export type Memoized<A extends readonly unknown[], R> = ((...args: A) => R) & {
  /** The key under which the result for these arguments is kept. */
  cacheKey(...args: A): Key
  /** Removes the result for these arguments; whether there was one. */
  forget(...args: A): boolean
  readonly original: (...args: A) => R
}
