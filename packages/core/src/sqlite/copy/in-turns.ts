import { isSliceOver, nextSlice } from '../../waiting/slices.ts'
import type { Work } from '../connection/work.ts'

/** The number of files that are worked on at the same time: as many as Node has threads for, and some that wait. */
const WIDTH = 8

/** Does work without keeping the event loop busy for long, and calls `onSlice` after each part; a signal ends it. */
export async function workUntil<T>(
  work: Work<T>,
  signal: AbortSignal | undefined,
  onSlice: () => void = () => {},
): Promise<T> {
  try {
    for (;;) {
      signal?.throwIfAborted()
      const { done, value } = work.next()
      if (done) return value
      onSlice()
      if (isSliceOver()) await nextSlice()
    }
  } finally {
    // What was broken off has files to close.
    work.return(undefined as T)
  }
}

/** Runs a task for each item, some at a time, and rejects with the first failure when none is under way any more. */
export async function forEachOf<T>(
  items: Iterable<T> | AsyncIterable<T>,
  signal: AbortSignal | undefined,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>()
  const failures: unknown[] = []
  for await (const item of items) {
    if (signal?.aborted) failures.push(signal.reason)
    if (failures.length > 0) break
    const one: Promise<void> = task(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(one))
    running.add(one)
    if (running.size >= WIDTH) await Promise.race(running)
  }
  await Promise.all(running)
  if (failures.length > 0) throw failures[0]
}
