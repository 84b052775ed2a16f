import { performance } from 'node:perf_hooks'
import type { Batch } from './eviction.ts'

/** How long a removal works until it rests, in milliseconds. */
const WORK_MS = 20

/** How long it rests, in milliseconds: about as long as those sleep at most who wait for the lock. */
const REST_MS = 8

const cell = new Int32Array(new SharedArrayBuffer(4))

/**
 * The pace of a removal of many rows. Who waits for the lock looks for it every few milliseconds, and would find it taken
 * nearly always, if the next transaction followed at once upon the one before.
 */
export class RemovalPace {
  #restedAt = performance.now()

  /** Returns for how many milliseconds to leave the lock to others before the next transaction; mostly 0. */
  rest(): number {
    const now = performance.now()
    if (now - this.#restedAt < WORK_MS) return 0
    this.#restedAt = now + REST_MS
    return REST_MS
  }

  /** Returns the batches with rests between them, asleep. */
  keep(batch: Batch): Batch {
    return () => {
      const time = this.rest()
      if (time > 0) Atomics.wait(cell, 0, 0, time)
      return batch()
    }
  }
}
