/**
 * The work of a check, in slices of some milliseconds at most. Where a slice needs the lock, it is yielded as a function,
 * to be called as often as it takes until the lock is there. Where it has to wait, the time is yielded, in milliseconds.
 */
export type CheckWork<T> = Generator<(() => void) | number | undefined, T, undefined>

const cell = new Int32Array(new SharedArrayBuffer(4))

/** Does the work to its end, asleep where it has to wait, and waiting for the lock where it needs that, and returns the result. */
export function checkNow<T>(work: CheckWork<T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    if (typeof value === 'number') Atomics.wait(cell, 0, 0, value)
    else value?.()
  }
}
