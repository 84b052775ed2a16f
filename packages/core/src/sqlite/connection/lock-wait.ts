import { lockChannel } from '../../contract/diagnostics.ts'
import { DiskCacheError } from '../../contract/errors.ts'

/** In milliseconds. Much longer than a write takes: who comes back at once only meets the next writer. */
const FIRST_STEP_MS = 1
const MAX_STEP_MS = 5

const cell = new Int32Array(new SharedArrayBuffer(4))

/** The error for having waited `timeout` milliseconds in vain. */
export function lockTimeout(timeout: number): DiskCacheError {
  const message = `Cannot get the lock: other processes held it for more than ${timeout} ms`
  return new DiskCacheError('ERR_DISKCACHE_TIMEOUT', message)
}

/** How long a connection's statements wait at the moment. */
export interface Patience {
  /** Milliseconds. */
  timeout: number
  /** The directory of the cache. */
  readonly store: string
}

/**
 * Waits for another process's lock, asleep, in jittered steps that double from 1 to 5 ms. SQLite's own busy handler
 * is not used: its steps grow to 100 ms, so that with many writers some wait for a second while others overtake them.
 */
export class LockWait {
  readonly #patience: Patience
  readonly #start = performance.now()
  #step = FIRST_STEP_MS

  constructor(patience: Patience) {
    this.#patience = patience
  }

  /** Sleeps for one step; throws `ERR_DISKCACHE_TIMEOUT` when the time is up. */
  sleep(): void {
    const { timeout } = this.#patience
    const left = timeout - (performance.now() - this.#start)
    if (left <= 0) throw lockTimeout(timeout)
    Atomics.wait(cell, 0, 0, Math.min(left, this.#step * (0.5 + Math.random())))
    this.#step = Math.min(this.#step * 2, MAX_STEP_MS)
  }

  /** Says on the channel how long it took to get the lock. */
  end(): void {
    const waited = performance.now() - this.#start
    if (lockChannel.hasSubscribers)
      lockChannel.publish({ store: this.#patience.store, reason: 'wait', waited })
  }
}
