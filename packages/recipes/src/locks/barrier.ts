import {
  type AnyStore,
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

/** What a barrier needs of a `Lock`, an `RLock` or a `BoundedSemaphore`. */
export interface Guard {
  run<T>(body: (hold: Hold) => T | Promise<T>, wait?: WaitOptions): Promise<T>
}

export interface BarrierOptions extends WaitOptions {
  /** Functions of one name exclude each other. */
  name: string
  /** Makes the lock; a `Lock` with its defaults when left out. */
  lock?: ((store: RecipeStore, key: Key) => Guard) | undefined
}

/**
 * Runs `fn` under a lock, so that it runs once at a time over all processes, or as often as the lock lets in. `timeout`
 * and `signal` are those of each call's wait.
 *
 * @throws DiskCacheError ERR_DISKCACHE_LOCK_TIMEOUT, ERR_DISKCACHE_LOCK_LOST from the function, as `run` of the lock does
 */
export function barrier<T, A extends readonly unknown[], R>(
  store: AnyStore,
  fn: (this: T, ...args: A) => R,
  options: BarrierOptions,
): Waiting<T, A, R> {
  checkFunction('fn', fn)
  checkOptions('the options of barrier', options, ['name', 'lock', 'timeout', 'signal'])
  const { name, lock = (store, key) => new Lock(store, key), timeout, signal } = options
  const wait = { timeout, signal }
  checkWait(wait)
  checkFunction('lock', lock)
  const guard = lock(recipeStore(store), rowKey('barrier', checkName(name)))
  async function call(this: T, ...args: A): Promise<Awaited<R>> {
    const body = async (): Promise<Awaited<R>> => await Reflect.apply(fn, this, args)
    return guard.run(body, wait)
  }
  return Object.assign(call, { original: fn })
}
