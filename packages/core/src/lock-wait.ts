import { DiskCacheError } from './errors.ts'

const FIRST_STEP = 0.2
const LONGEST_STEP = 5

const cell = new Int32Array(new SharedArrayBuffer(4))

/**
 * Waits for another process's lock, asleep, in jittered steps that double from 0.2 to 5 ms. SQLite's own busy handler
 * is not used: its steps grow to 100 ms, so that with many writers some wait for a second while others overtake them.
 */
export class LockWait {
  readonly #timeout: number
  readonly #start = performance.now()
  #step = FIRST_STEP

  /** `timeout` in milliseconds. */
  constructor(timeout: number) {
    this.#timeout = timeout
  }

  /** Sleeps for one step; throws `ERR_DISKCACHE_TIMEOUT` when the time is up. */
  sleep(): void {
    const left = this.#timeout - (performance.now() - this.#start)
    if (left <= 0) {
      const message = `Cannot get the lock: other processes held it for more than ${this.#timeout} ms`
      throw new DiskCacheError('ERR_DISKCACHE_TIMEOUT', message)
    }
    Atomics.wait(cell, 0, 0, Math.min(left, this.#step * (0.5 + Math.random())))
    this.#step = Math.min(this.#step * 2, LONGEST_STEP)
  }
}
