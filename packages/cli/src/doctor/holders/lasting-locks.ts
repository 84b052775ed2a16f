import { setTimeout as delay } from 'node:timers/promises'
import { type Holders, holdersOf } from './holders-of.ts'

/** How long, and how often, a lock is looked at, in milliseconds. */
const WATCH_MS = 1_000
const LOOK_MS = 100

/** Who has a directory open, and who of them had a lock whenever that was looked at, for a second. */
export interface LastingLocks extends Holders {
  /** The processes that wrote, or read, at each look: none where the first look found nobody. */
  readonly writers: readonly number[]
  readonly readers: readonly number[]
}

/** Looks at who has a directory open; again and again for a second, while somebody holds a lock. */
export async function lastingLocks(directory: string): Promise<LastingLocks> {
  const first = holdersOf(directory)
  let writers = first.holders.filter(({ isWriting }) => isWriting).map(({ pid }) => pid)
  let readers = first.holders.filter(({ isReading }) => isReading).map(({ pid }) => pid)
  const end = performance.now() + WATCH_MS
  while (writers.length + readers.length > 0 && performance.now() < end) {
    await delay(LOOK_MS)
    const { holders } = holdersOf(directory)
    writers = writers.filter((pid) => holders.some((each) => each.pid === pid && each.isWriting))
    readers = readers.filter((pid) => holders.some((each) => each.pid === pid && each.isReading))
  }
  return { ...first, writers, readers }
}
