import { type AnyStore, checkFunction, checkOptions, checkWait, type WaitOptions } from '@diskcache/core'
import { type RateOptions, TokenBucket } from './token-bucket.ts'

export interface ThrottleOptions extends RateOptions, WaitOptions {}

/** A function that waits for its turn; a promise of what the original gives. */
export type Waiting<T, A extends readonly unknown[], R> = ((this: T, ...args: A) => Promise<Awaited<R>>) & {
  readonly original: (this: T, ...args: A) => R
}

/**
 * Lets `fn` be called at most `count` times in `per` milliseconds, over all processes; further calls wait. Functions of
 * one name share a `TokenBucket` of that name. `timeout` and `signal` are those of each call's wait.
 *
 * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT from the function, when its turn does not come in time
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
