import { lockChannel } from '../../contract/diagnostics.ts'
import { type DiskCacheError, hasCode } from '../../contract/errors.ts'
import { realTimers } from '../../waiting/real-timers.ts'
import { WaitTime } from '../../waiting/wait-time.ts'
import { lockTimeout } from './lock-wait.ts'

const FIRST_STEP_MS = 0.5
const MAX_STEP_MS = 10

/**
 * Waits for the lock of another process without blocking the event loop, in jittered steps that double from 0.5 to 10
 * ms. Its timer keeps the process alive, because somebody awaits the result.
 */
export class LockRetry {
  readonly #store: string
  readonly #timeout: number
  readonly #time = new WaitTime()
  #step = FIRST_STEP_MS

  /** Begins to wait, for at most `timeout` milliseconds. */
  constructor(store: string, timeout: number) {
    this.#store = store
    this.#timeout = timeout
  }

  /** Whether the time is up. */
  get isOver(): boolean {
    return this.#time.passed >= this.#timeout
  }

  /** Waits for one step; rejects with the signal's reason when that is aborted. */
  async pause(signal?: AbortSignal): Promise<void> {
    const time = this.#step * (0.5 + Math.random())
    this.#step = Math.min(this.#step * 2, MAX_STEP_MS)
    try {
      await realTimers.delay(time, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      throw signal?.aborted ? signal.reason : error
    }
    this.#time.add(time)
  }

  /** Makes the error for a wait whose time is up. */
  timeoutError(): DiskCacheError {
    return lockTimeout(this.#timeout)
  }

  /** Tells the channel how long the operation waited for the lock. */
  end(): void {
    if (lockChannel.hasSubscribers)
      lockChannel.publish({ store: this.#store, reason: 'wait', waited: this.#time.passed })
  }
}

/** What bounds the attempts of {@link withRetry}. */
export interface RetryOptions {
  /** The directory of the store, for the channel. */
  readonly store: string
  /** The longest time to wait for other processes, in milliseconds. */
  readonly timeout: number
  /** A signal that ends the attempts. */
  readonly signal?: AbortSignal | undefined
  /** Returns whether the attempt that failed has begun what must not begin twice. */
  readonly isFinal?: (() => boolean) | undefined
}

/**
 * Runs `attempt` at once, and again for as long as it throws `ERR_DISKCACHE_TIMEOUT` because another process has the
 * lock; resolves to what it returns. An attempt that fails in this way must have had no effect.
 */
export async function withRetry<T>(options: RetryOptions, attempt: () => T): Promise<T> {
  let retry: LockRetry | undefined
  for (;;) {
    options.signal?.throwIfAborted()
    try {
      const result = attempt()
      retry?.end()
      return result
    } catch (error) {
      if (!hasCode(error, 'ERR_DISKCACHE_TIMEOUT') || options.isFinal?.()) throw error
    }
    retry ??= new LockRetry(options.store, options.timeout)
    if (retry.isOver) throw retry.timeoutError()
    await retry.pause(options.signal)
  }
}
