/**
 * The work of a check, in slices of some milliseconds at most. Where a slice needs the lock, it is yielded as a function,
 * to be called as often as it takes until the lock is there.
 */
export type CheckWork<T> = Generator<(() => void) | undefined, T, undefined>

/** Does the work to its end, waiting for the lock where it needs that, and returns the result. */
export function checkNow<T>(work: CheckWork<T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    value?.()
  }
}
