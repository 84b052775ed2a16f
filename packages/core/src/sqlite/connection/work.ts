import { isSliceOver, nextSlice } from '../../waiting/slices.ts'

/** Work in slices of some milliseconds at most, which ends with a result. */
export type Work<T> = Generator<undefined, T, undefined>

/** Does work to its end, and returns the result. */
export function workNow<T>(work: Work<T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

/** Does work without keeping the event loop busy for long; `isDone` is asked after each turn, as others may go on with it. */
export async function workInTurns<T>(work: Work<T>, isDone: () => boolean): Promise<T | undefined> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    if (!isSliceOver()) continue
    await nextSlice()
    if (isDone()) return undefined
  }
}
