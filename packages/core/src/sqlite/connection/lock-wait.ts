import { lockChannel } from '../../contract/diagnostics.ts'
import { DiskCacheError } from '../../contract/errors.ts'
import { WaitTime } from '../../waiting/wait-time.ts'

/**
 * The first step, in milliseconds. It is much longer than a write takes: a caller that comes back at once only meets
 * the next writer.
 */
const FIRST_STEP_MS = 1
const MAX_STEP_MS = 5

const cell = new Int32Array(new SharedArrayBuffer(4))

/** Makes the error for a caller that has waited `timeout` milliseconds in vain. */
export function lockTimeout(timeout: number): DiskCacheError {
  const message = `Cannot get the lock: other processes held it for more than ${timeout} ms`
  return new DiskCacheError('ERR_DISKCACHE_TIMEOUT', message)
}

/** Makes the error for a caller who would have to wait for what this very thread is doing. */
function reentrantWait(): DiskCacheError {
  const message =
    'Cannot get the lock: another cache object of this process has it, inside its transact or update, which cannot ' +
    'end before this operation does; use that object there, or write afterwards'
  return new DiskCacheError('ERR_DISKCACHE_REENTRANT', message)
}

/** The time that the statements of a connection may wait at the moment. */
export interface Patience {
  /** The longest wait, in milliseconds. */
  timeout: number
  /** The directory of the cache. */
  readonly store: string
  /** Whether the connection only reads. */
  readonly readonly: boolean
  /** Returns whether this thread itself has the lock, through another connection, so that to wait is in vain. */
  readonly isInVain: () => boolean
}

/**
 * Waits for the lock of another process, asleep, in jittered steps that double from 1 to 5 ms. It does without
 * SQLite's own busy handler, whose steps grow to 100 ms, so that with many writers some wait for a second while
 * others overtake them.
 */
export class LockWait {
  readonly #patience: Patience
  readonly #time = new WaitTime()
  #step = FIRST_STEP_MS

  constructor(patience: Patience) {
    this.#patience = patience
  }

  /**
   * Sleeps for one step; throws `ERR_DISKCACHE_TIMEOUT` when the time is up, and `ERR_DISKCACHE_REENTRANT` at once
   * where waiting is in vain. Who does not wait at all may come back when this thread has gone on.
   */
  sleep(): void {
    const { timeout } = this.#patience
    if (timeout > 0 && this.#patience.isInVain()) throw reentrantWait()
    const left = timeout - this.#time.passed
    if (left <= 0) throw lockTimeout(timeout)
    const pause = Math.min(left, this.#step * (0.5 + Math.random()))
    Atomics.wait(cell, 0, 0, pause)
    this.#time.add(pause)
    this.#step = Math.min(this.#step * 2, MAX_STEP_MS)
  }

  /** Tells the channel how long the operation waited for the lock. */
  end(): void {
    if (lockChannel.hasSubscribers)
      lockChannel.publish({ store: this.#patience.store, reason: 'wait', waited: this.#time.passed })
  }
}
