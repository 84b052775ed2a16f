import { realTimers } from './real-timers.ts'

/** The time for which all long work together goes on before the event loop has its turn, in milliseconds. */
const SLICE_MS = 10

/**
 * The number of items up to which an operation on many of them takes effect, or reads, in one piece. More are dealt with
 * in as many slices as it takes.
 */
export const ITEMS_PER_SLICE = 1_000

/** What waits for its slice, the first to go on first. */
const waiting: (() => void)[] = []
let sliceEnd = 0
/** The calls of {@link goOn} that are ahead, and how many of them come in this turn: the event loop runs all it has. */
let ahead = 0
let aheadInTurn = 0

/**
 * Returns whether long work has to let the event loop turn, by {@link nextSlice}, before it goes on. All that this
 * process does in slices shares one of 10 ms for each turn: eight shards at work take no longer than one.
 */
export function isSliceOver(): boolean {
  return performance.now() >= sliceEnd
}

/**
 * Resolves in a later turn of the event loop, when everything that has waited before has had its slice. Keeps the
 * process alive.
 */
export function nextSlice(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    comeAgain()
  })
}

function comeAgain(): void {
  ahead++
  realTimers.setImmediate(goOn)
}

/** Lets the next one go on, in this turn if there is time left. There are as many calls ahead as there are waiting. */
function goOn(): void {
  const isFirst = aheadInTurn === 0
  if (isFirst) {
    aheadInTurn = ahead
    sliceEnd = performance.now() + SLICE_MS
  }
  ahead--
  aheadInTurn--
  if (!isFirst && isSliceOver()) comeAgain()
  else waiting.shift()?.()
}
