import type { KeyHistories, KeyState } from './key-history.ts'
import type { Read } from './read-log.ts'

/** The version of a read that found nothing. */
export const NOTHING = 0
/** The version of a read that found what nobody wrote. */
export const TORN = -1

/** What may be wrong with a read. */
export type Fault = 'torn' | 'future' | 'stale' | 'deleted' | 'expired' | 'missing'

/** The finest step of the clock on the wall, by which one process may be ahead of another, in milliseconds. */
const WALL_STEP = 1

/**
 * Returns what is wrong with a read; `undefined` when what it found may have been held at some moment since its
 * `staleness` before it began.
 */
export function judgeRead(read: Read, histories: KeyHistories): Fault | undefined {
  if (read.version === TORN) return 'torn'
  const states = histories.of(read.key)
  let i = countBegun(states, read.end) - 1
  for (; i > 0 && !agrees(read, states[i]!); i--) if (isInForce(states[i]!, read)) break
  const oldest = states[i]!
  return agrees(read, oldest) ? undefined : faultOf(read, oldest, states)
}

/** Returns whether a state had replaced all before it when the time began from which a read may be. */
function isInForce({ committed }: KeyState, { begin, staleness }: Read): boolean {
  return committed < begin - staleness
}

/** Returns whether a read may have found what it did while a key was in this state. */
function agrees({ version, wallBegin, wallEnd }: Read, { versions, expiry }: KeyState): boolean {
  if (version !== NOTHING) return versions.includes(version) && (expiry === null || wallBegin <= expiry[1])
  return versions.length === 0 || (expiry !== null && expiry[0] < wallEnd + WALL_STEP)
}

/** Names what is wrong with a read that found what was not there, in or after the state `oldest`. */
function faultOf({ version, end }: Read, { versions }: KeyState, states: readonly KeyState[]): Fault {
  if (version === NOTHING) return 'missing'
  const origin = states.find((state) => state.versions.includes(version))
  if (origin === undefined || origin.began > end) return 'future'
  if (versions.includes(version)) return 'expired'
  return versions.length === 0 ? 'deleted' : 'stale'
}

/** Returns the number of states that had begun at a time. */
function countBegun(states: readonly KeyState[], time: number): number {
  let [low, high] = [0, states.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (states[middle]!.began <= time) low = middle + 1
    else high = middle
  }
  return low
}
