import {
  type AnyStore,
  argumentParts,
  checkBoolean,
  checkFunction,
  checkName,
  checkOptions,
  checkWait,
  type Hold,
  type Key,
  type RecipeStore,
  recipeStore,
  rowKey,
  type WaitOptions,
} from '@diskcache/core'
import type { Waiting } from '../rates/throttle.ts'
import { Lock } from './lock.ts'
import { SharedResult } from './shared-result.ts'

/** What a barrier needs of a `Lock`, an `RLock` or a `BoundedSemaphore`. */
export interface Guard {
  /** Runs `body` while the lock is held, and returns what the body returns. */
  run<T>(body: (hold: Hold) => T | Promise<T>, wait?: WaitOptions): Promise<T>
}

/** The settings of `barrier`, and the limits of each call's wait for the lock. */
export interface BarrierOptions extends WaitOptions {
  /** The name of the lock: functions of one name exclude each other, in all processes. Not empty. */
  name: string
  /** Makes the lock of the store and the key that are passed; a `Lock` with its defaults when left out. */
  lock?: ((store: RecipeStore, key: Key) => Guard) | undefined
  /**
   * Whether a call that waited takes the result of a call with equal arguments that came to its end meanwhile, in
   * whichever process, instead of running the function again; `false` by default. The arguments have to be what can be a
   * key. A result is kept for 60 seconds; one that the store cannot keep, a failure, and the result of a run that lost
   * its lock are not shared.
   */
  share?: boolean | undefined
}

/**
 * Returns a function that runs `fn` under a lock: once at a time over all processes, or as often as the lock lets in.
 * With `share`, those who wait take the result of whoever ran it.
 * `timeout` and `signal` limit each call's wait.
 *
 * @throws TypeError, RangeError for something that is no store or function, or an unknown or illegal option
 * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT from the function, when others have the lock for longer than
 * `timeout`
 * @throws DiskCacheError ERR_DISKCACHE_LOCK_LOST from the function, after it has run, when the lock was lost meanwhile
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { Cache } from '@diskcache/cache'
 * import { barrier } from '@diskcache/recipes'
 *
 * await using cache = new Cache('cache-directory').promises
 * const rebuild = barrier(cache, async () => 'rebuilt', { name: 'rebuild', timeout: 5_000 })
 * assert.deepEqual(await Promise.all([rebuild(), rebuild()]), ['rebuilt', 'rebuilt'])
 * ```
 */
export function barrier<T, A extends readonly unknown[], R>(
  store: AnyStore,
  fn: (this: T, ...args: A) => R,
  options: BarrierOptions,
): Waiting<T, A, R> {
  checkFunction('fn', fn)
  checkOptions('the options of barrier', options, ['name', 'lock', 'share', 'timeout', 'signal'])
  const { name, lock = (store, key) => new Lock(store, key), share = false, timeout, signal } = options
  const wait = { timeout, signal }
  checkWait(wait)
  checkFunction('lock', lock)
  checkBoolean('share', share)
  const target = recipeStore(store)
  const key = rowKey('barrier', checkName(name))
  const guard = lock(target, key)
  async function call(this: T, ...args: A): Promise<Awaited<R>> {
    const body = async (): Promise<Awaited<R>> => await Reflect.apply(fn, this, args)
    if (!share) return guard.run(body, wait)
    const results = new SharedResult<Awaited<R>>(
      target,
      rowKey('barrier', name, 'result', ...argumentParts(args, {})),
    )
    return results.run(guard, body, wait)
  }
  return Object.assign(call, { original: fn })
}
