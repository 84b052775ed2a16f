import {
  type AnyStore,
  argumentParts,
  checkFunction,
  checkMemoizeOptions,
  checkWait,
  type Key,
  MemoizedNames,
  type MemoizeOptions,
  perStore,
  recipeStore,
  rowKey,
  WAIT_OPTION_NAMES,
} from '@diskcache/core'
import { COMPUTE_OPTION_NAMES, computeOptions, type GetOrSetOptions } from './compute-options.ts'
import { ComputedValue, forgetValue } from './computed-value.ts'

/**
 * The options of `memoizeStampede`: those of `memoize` (`name`, `ignore`, `key`) and those of `getOrSet`.
 * `timeout` and `signal` limit each call.
 */
export interface MemoizeStampedeOptions<A extends readonly unknown[], R = unknown>
  extends MemoizeOptions<A, R>,
    GetOrSetOptions<Awaited<R>> {}

/** A function that keeps its results, and returns a promise of them. */
export type MemoizedStampede<T, A extends readonly unknown[], R> = ((
  this: T,
  ...args: A
) => Promise<Awaited<R>>) & {
  /** Returns the key under which the result for these arguments is kept in the store. */
  cacheKey(...args: A): Key
  /**
   * Forgets the result for these arguments in all processes; one that is being computed meanwhile is not kept. Returns
   * whether there was one.
   */
  forget(...args: A): Promise<boolean>
  /** The function that was wrapped. */
  readonly original: (this: T, ...args: A) => R
}

/** Returns the names of functions that keep their results in a store, in this process. */
const namesOf = perStore(() => new MemoizedNames())

/**
 * Returns a function that keeps its results in the store by name and arguments, as {@link getOrSet} does. `timeout` and
 * `signal` are those of each call. Trailing `undefined` arguments are as left out; `this` is passed on, but is no part
 * of the key.
 *
 * @throws TypeError, RangeError for something that is no store or function, or an unknown or illegal option
 * @throws TypeError for another function under one name; the same one may be memoized again, also as another object
 * with the same text
 * @throws DiskCacheError from the function, as {@link getOrSet} does
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cache } from '@diskcache/cache'
 * import { memoizeStampede } from '@diskcache/recipes'
 *
 * await using cache = new Cache('cache-directory').promises
 * const findUser = memoizeStampede(cache, async (id: number) => ({ id }), { name: 'findUser', ttl: 60_000 })
 * assert.deepEqual(await findUser(7), { id: 7 })
 * assert.equal(await findUser.forget(7), true)
 * ```
 */
export function memoizeStampede<T, A extends readonly unknown[], R>(
  store: AnyStore,
  fn: (this: T, ...args: A) => R,
  options: MemoizeStampedeOptions<A, R>,
): MemoizedStampede<T, A, R> {
  checkFunction('fn', fn)
  checkMemoizeOptions(options, [...COMPUTE_OPTION_NAMES, ...WAIT_OPTION_NAMES])
  checkWait(options)
  const { name } = options
  const compute = computeOptions(options)
  const target = recipeStore(store)
  namesOf(target).take(fn, options)
  const keyOf = (args: A): Key => rowKey('memoizeStampede', name, ...argumentParts(args, options))
  async function call(this: T, ...args: A): Promise<Awaited<R>> {
    const make = async (): Promise<Awaited<R>> => await Reflect.apply(fn, this, args)
    return new ComputedValue<Awaited<R>>(target, keyOf(args), make, compute).get(options)
  }
  const cacheKey = (...args: A): Key => rowKey('getOrSet', keyOf(args))
  const forget = async (...args: A): Promise<boolean> => forgetValue(target, keyOf(args))
  return Object.assign(call, { cacheKey, forget, original: fn })
}
