/** A change of an entry, by the only process that makes changes. Times are in milliseconds of the clock that all processes share. */
export interface Change {
  /** Counts all changes of the entry from 1; the value that it sets. */
  readonly n: number
  readonly begin: number
  /** When it was known to be done; `Infinity` when the process was killed before. */
  readonly end: number
  /** Milliseconds; `Infinity`: for ever, 0: there is no entry any more. */
  readonly ttl: number
}

/** A read of an entry: `n` is the value, 0 for none. */
export interface Read {
  readonly n: number
  readonly begin: number
  readonly end: number
}

/** By how much the clock of Redis and that of the processes may part, in milliseconds: Redis counts whole ones. */
const TOLERANCE = 2

/** Milliseconds of the clock that all processes of the machine share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/**
 * Tells what is wrong about a read, if anything: it must give what was there at some moment between `staleness` before
 * its beginning and its end, and nothing that had expired before its beginning.
 */
export function faultOf(changes: readonly Change[], read: Read, staleness: number): string | undefined {
  const first = Math.max(lastDone(changes, read.begin - staleness), 0)
  const possible = changes.slice(first).filter(({ begin }) => begin <= read.end)
  if (read.n === 0) {
    const mayBeAbsent = (changes[0]?.end ?? Infinity) > read.begin - staleness
    const isGone = ({ begin, ttl }: Change) => begin + ttl <= read.end + TOLERANCE
    return mayBeAbsent || possible.some(isGone) ? undefined : 'misses what is there'
  }
  const change = possible.find(({ n }) => n === read.n)
  if (change === undefined || change.ttl === 0) return 'is older'
  return read.begin > change.end + change.ttl + TOLERANCE ? 'outlives its expiry' : undefined
}

/** The index of the last change that was known to be done at that time; -1: none. */
function lastDone(changes: readonly Change[], time: number): number {
  let [low, high] = [0, changes.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((changes[middle] as Change).begin <= time) low = middle + 1
    else high = middle
  }
  // Those that were not known to be done may have been.
  let last = low - 1
  while (last >= 0 && (changes[last] as Change).end > time) last--
  return last
}
