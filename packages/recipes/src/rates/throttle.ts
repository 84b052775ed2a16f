import {
  type AnyStore,
  checkFunction,
  checkOptions,
  checkWait,
  quote,
  type WaitOptions,
} from '@diskcache/core'
import { type RateOptions, TokenBucket } from './token-bucket.ts'

/** The rate of `throttle`, and the limits of each call's wait for a token. */
export interface ThrottleOptions extends RateOptions, WaitOptions {
  /**
   * What becomes of a call for which there is no token: it waits for one (`'wait'`), as by default, or the function is
   * not called and the result is `undefined` (`'skip'`). What skips does not wait, and takes no `timeout`.
   */
  overflow?: 'wait' | 'skip' | undefined
}

/**
 * A function that waits for its turn before it runs the original, and returns a promise of what that returns. `this`
 * and the arguments are passed on.
 */
export type Waiting<T, A extends readonly unknown[], R> = ((this: T, ...args: A) => Promise<Awaited<R>>) & {
  /** The function that was wrapped. */
  readonly original: (this: T, ...args: A) => R
}

/** A function that calls the original, or skips it, and returns a promise of what that returns, or of `undefined`. */
export type Skipping<T, A extends readonly unknown[], R> = ((
  this: T,
  ...args: A
) => Promise<Awaited<R> | undefined>) & {
  /** The function that was wrapped. */
  readonly original: (this: T, ...args: A) => R
}

/**
 * Returns a function that calls `fn` at most `count` times in `per` milliseconds, over all processes; further calls
 * wait, or are skipped. Functions of one name share a `TokenBucket` of that name. `timeout` and `signal` limit each call's wait.
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
  options: ThrottleOptions & { overflow: 'skip' },
): Skipping<T, A, R>
export function throttle<T, A extends readonly unknown[], R>(
  store: AnyStore,
  fn: (this: T, ...args: A) => R,
  options: ThrottleOptions & { overflow?: 'wait' | undefined },
): Waiting<T, A, R>
export function throttle<T, A extends readonly unknown[], R>(
  store: AnyStore,
  fn: (this: T, ...args: A) => R,
  options: ThrottleOptions,
): Skipping<T, A, R> {
  checkFunction('fn', fn)
  checkOptions('the options of throttle', options, OPTION_NAMES)
  const { timeout, signal, overflow = 'wait', ...rate } = options
  const wait = { timeout, signal }
  checkWait(wait)
  checkOverflow(overflow, timeout)
  const bucket = new TokenBucket(store, rate)
  const takesToken = async () => {
    if (overflow === 'skip') return (await bucket.tryTake(undefined, { signal })).ok
    await bucket.take(undefined, wait)
    return true
  }
  async function call(this: T, ...args: A): Promise<Awaited<R> | undefined> {
    return (await takesToken()) ? await Reflect.apply(fn, this, args) : undefined
  }
  return Object.assign(call, { original: fn })
}

const OPTION_NAMES = ['name', 'count', 'per', 'overflow', 'timeout', 'signal'] as const

function checkOverflow(overflow: unknown, timeout: unknown): void {
  if (overflow !== 'wait' && overflow !== 'skip')
    throw new TypeError(`Cannot use overflow: expected 'wait' or 'skip', got ${quote(overflow)}`)
  if (overflow === 'skip' && timeout !== undefined)
    throw new TypeError(
      `Cannot use timeout: a call that skips does not wait, got ${quote(timeout)}; leave it out`,
    )
}
