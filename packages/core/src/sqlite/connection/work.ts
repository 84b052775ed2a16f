import { setImmediate as turn } from 'node:timers/promises'

/** Work in slices of some milliseconds at most, which ends with a result. */
export type Work<T> = Generator<undefined, T, undefined>

/** The time for which slices run one after the other before the event loop has its turn, in milliseconds. */
const SLICES_MS = 10

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
    for (const end = performance.now() + SLICES_MS; performance.now() < end; ) {
      const { done, value } = work.next()
      if (done) return value
    }
    await turn()
    if (isDone()) return undefined
  }
}
