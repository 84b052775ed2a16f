import {
  type AnyStore,
  argumentParts,
  checkFunction,
  checkMemoizeOptions,
  checkWait,
  type Key,
  type MemoizeOptions,
  perStore,
  quote,
  type RecipeStore,
  recipeStore,
  rowKey,
  WAIT_OPTION_NAMES,
} from '@diskcache/core'
import { COMPUTE_OPTION_NAMES, computeOptions, type GetOrSetOptions } from './compute-options.ts'
import { ComputedValue, forgetValue } from './computed-value.ts'

export interface MemoizeStampedeOptions<A extends readonly unknown[]>
  extends MemoizeOptions<A>,
    GetOrSetOptions {}

export type MemoizedStampede<T, A extends readonly unknown[], R> = ((
  this: T,
  ...args: A
) => Promise<Awaited<R>>) & {
  /** The key under which the result for these arguments is kept. */
  cacheKey(...args: A): Key
  /** Forgets the result for these arguments, also one that is being computed; whether there was one. */
  forget(...args: A): Promise<boolean>
  readonly original: (this: T, ...args: A) => R
}

const namesOf = perStore(() => new Set<string>())

/**
 * A function that keeps its results in the store by name and arguments, as {@link getOrSet} does. `timeout` and `signal`
 * are those of each call. Trailing `undefined` arguments are as left out; `this` is passed on, but no part of the key.
 *
 * @throws TypeError for a second function under one name
 */
export function memoizeStampede<T, A extends readonly unknown[], R>(
  store: AnyStore,
  fn: (this: T, ...args: A) => R,
  options: MemoizeStampedeOptions<A>,
): MemoizedStampede<T, A, R> {
  checkFunction('fn', fn)
  checkMemoizeOptions(options, [...COMPUTE_OPTION_NAMES, ...WAIT_OPTION_NAMES])
  checkWait(options)
  const { name } = options
  const compute = computeOptions(options)
  const target = recipeStore(store)
  takeName(target, name)
  const keyOf = (args: A): Key => rowKey('memoizeStampede', name, ...argumentParts(args, options))
  async function call(this: T, ...args: A): Promise<Awaited<R>> {
    const make = async (): Promise<Awaited<R>> => await Reflect.apply(fn, this, args)
    return new ComputedValue<Awaited<R>>(target, keyOf(args), make, compute).get(options)
  }
  const cacheKey = (...args: A): Key => rowKey('getOrSet', keyOf(args))
  const forget = async (...args: A): Promise<boolean> => forgetValue(target, keyOf(args))
  return Object.assign(call, { cacheKey, forget, original: fn })
}

function takeName(store: RecipeStore, name: string): void {
  const names = namesOf(store)
  if (names.has(name)) {
    throw new TypeError(`Cannot memoize under the name ${quote(name)}: another function of this store has it`)
  }
  names.add(name)
}
