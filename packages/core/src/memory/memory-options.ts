import { checkChoice, checkNumber, checkOptions } from '../checks/argument-check.ts'

/** What becomes of a value that several readers get from memory. */
export type ShareValues = 'copies' | 'frozen'

/** The options of a memory tier. */
export interface MemoryOptions {
  /**
   * The bytes that entries in memory may take, from 4,096: keys, values, and what keeps them. A value that is larger
   * than an eighth of it is not kept.
   */
  maxBytes: number
  /**
   * How long ago, in milliseconds, what is read from memory may have been true: 1 unless given, and 100 in a
   * `RedisStore`. With 0, every read asks the store whether anything has changed, and is never behind.
   */
  staleness?: number | undefined
  /**
   * What readers of one entry share. With `'copies'`, the default, each gets a value of its own, as without memory; only
   * strings, numbers and the like are the same for all. With `'frozen'`, plain objects and arrays, and all in them, are
   * frozen, and handed to everybody: name the type of the values as `Frozen`. What holds anything else, such as a `Date`
   * or a `Map`, is a value of each reader's own still.
   */
  share?: ShareValues | undefined
}

/** The options of a memory tier, checked and complete. */
export interface ResolvedMemoryOptions {
  /** The bytes that entries in memory may take. */
  readonly maxBytes: number
  /** How long ago what is read from memory may have been true, in milliseconds. */
  readonly staleness: number
  /** What readers of one entry share. */
  readonly share: ShareValues
}

/** What stays as it is in a frozen value, or cannot be frozen, so that it goes to each reader as a value of its own. */
type NotFrozen =
  | ((...args: never[]) => unknown)
  | (string | number | bigint | boolean | symbol | null | undefined)
  | (Date | RegExp | Error | URL | ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>)
  | (ArrayBufferView | ArrayBuffer)

/** A value of which no part can be changed, as memory with `share: 'frozen'` hands it out. */
export type Frozen<T> = T extends NotFrozen
  ? T
  : T extends object
    ? { readonly [P in keyof T]: Frozen<T[P]> }
    : T

/** The fewest bytes of a memory tier: with less, hardly anything would fit in. */
export const LEAST_MEMORY_BYTES = 4_096

const SHARES: readonly ShareValues[] = ['copies', 'frozen']

/**
 * Returns the options of a memory tier with their defaults; `undefined` for none.
 *
 * @throws TypeError, RangeError for an unknown or illegal option
 */
export function resolveMemoryOptions(
  options: MemoryOptions | undefined,
  defaults: { readonly staleness: number },
): ResolvedMemoryOptions | undefined {
  if (options === undefined) return undefined
  checkOptions('memory', options, ['maxBytes', 'staleness', 'share'])
  const { maxBytes, staleness = defaults.staleness, share = 'copies' } = options
  checkNumber('memory.maxBytes', maxBytes, {
    min: LEAST_MEMORY_BYTES,
    max: Number.MAX_SAFE_INTEGER,
    integer: true,
  })
  checkNumber('memory.staleness', staleness, { min: 0, max: 2 ** 31 })
  checkChoice('memory.share', share, SHARES)
  return { maxBytes, staleness, share }
}
