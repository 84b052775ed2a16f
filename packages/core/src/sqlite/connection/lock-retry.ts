import { setTimeout as delay } from 'node:timers/promises'
import { lockChannel } from '../../contract/diagnostics.ts'
import { type DiskCacheError, hasCode } from '../../contract/errors.ts'
import { lockTimeout } from './lock-wait.ts'

const FIRST_STEP_MS = 0.5
const MAX_STEP_MS = 10

/**
 * Waits for another process's lock without blocking the event loop: in jittered steps that double from 0.5 to 10 ms.
 * Its timer keeps the process alive, because somebody awaits the result.
 */
export class LockRetry {
  readonly #store: string
  readonly #timeout: number
  readonly #start = performance.now()
  #step = FIRST_STEP_MS

  /** `timeout` in milliseconds. */
  constructor(store: string, timeout: number) {
    this.#store = store
    this.#timeout = timeout
  }

  /** Whether it has waited for so long that it should give up. */
  get isOver(): boolean {
    return performance.now() - this.#start >= this.#timeout
  }

  /** Rejects with the signal's reason when that is aborted. */
  async pause(signal?: AbortSignal): Promise<void> {
    const time = this.#step * (0.5 + Math.random())
    this.#step = Math.min(this.#step * 2, MAX_STEP_MS)
    try {
      await delay(time, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      throw signal?.aborted ? signal.reason : error
    }
  }

  /** The error for when it is over. */
  timeoutError(): DiskCacheError {
    return lockTimeout(this.#timeout)
  }

  /** Says on the channel how long it took to get the lock. */
  end(): void {
    const waited = performance.now() - this.#start
    if (lockChannel.hasSubscribers) lockChannel.publish({ store: this.#store, reason: 'wait', waited })
  }
}

export interface RetryOptions {
  readonly store: string
  /** Milliseconds. */
  readonly timeout: number
  readonly signal?: AbortSignal | undefined
  /** Whether the attempt that failed has begun what must not begin twice. */
  readonly isFinal?: (() => boolean) | undefined
}

/**
 * Runs `attempt`, and again for as long as it throws `ERR_DISKCACHE_TIMEOUT`: at once, for want of a lock that another
 * process has. An attempt that fails in this way must have had no effect.
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
