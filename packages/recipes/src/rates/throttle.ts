import { type AnyStore, checkFunction, checkOptions, checkWait, type WaitOptions } from '@diskcache/core'
import { type RateOptions, TokenBucket } from './token-bucket.ts'

/** The rate of `throttle`, and the limits of each call's wait for a token. */
export interface ThrottleOptions extends RateOptions, WaitOptions {}

/**
 * A function that waits for its turn before it runs the original, and returns a promise of what that returns. `this`
 * and the arguments are passed on.
 */
export type Waiting<T, A extends readonly unknown[], R> = ((this: T, ...args: A) => Promise<Awaited<R>>) & {
  /** The function that was wrapped. */
  readonly original: (this: T, ...args: A) => R
}

/**
 * Returns a function that calls `fn` at most `count` times in `per` milliseconds, over all processes; further calls
 * wait. Functions of one name share a `TokenBucket` of that name. `timeout` and `signal` limit each call's wait.
 *
 * @throws TypeError, RangeError for something that is no store or function, or an unknown or illegal option
 * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT from the function, when its turn does not come in time
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cache } from '@diskcache/cache'
 * import { throttle } from '@diskcache/recipes'
 *
 * await using cache = new Cache('cache-directory').promises
 * const greet = throttle(cache, (name: string) => `Hello, ${name}`, { name: 'greet', count: 20, per: 1_000 })
 * assert.equal(await greet('Ada'), 'Hello, Ada')
 * ```
 */
export function throttle<T, A extends readonly unknown[], R>(
  store: AnyStore,
  fn: (this: T, ...args: A) => R,
  options: ThrottleOptions,
): Waiting<T, A, R> {
  checkFunction('fn', fn)
  checkOptions('the options of throttle', options, ['name', 'count', 'per', 'timeout', 'signal'])
  const { timeout, signal, ...rate } = options
  const wait = { timeout, signal }
  checkWait(wait)
  const bucket = new TokenBucket(store, rate)
  async function call(this: T, ...args: A): Promise<Awaited<R>> {
    await bucket.take(undefined, wait)
    return await Reflect.apply(fn, this, args)
  }
  return Object.assign(call, { original: fn })
}
