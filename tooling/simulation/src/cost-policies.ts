import { type Ask, s3Fifo } from './ideal-policies.ts'

/** The entries that are looked at for a victim. */
const SAMPLE = 64

interface Entry {
  readonly key: number
  readonly takes: number
  readonly costs: number
  /** When it was put in, in requests. */
  readonly time: number
  uses: number
  /** What GreedyDual gave it at its last use. */
  credit: number
}

/** Returns what an entry is worth `now`, in requests. */
type Worth = (entry: Entry, now: number) => number

/** Hyperbolic caching (Blankstein and others, USENIX ATC 2017): uses for the time in the cache, by cost and size. */
export function hyperbolic(size: number): Ask {
  return bySample(size, ({ uses, costs, takes, time }, now) => (uses * costs) / (takes * (now - time + 1)))
}

/** GreedyDual-Size-Frequency (Cherkasova, HPL-98-69): uses by cost and size, above what the last victim was worth. */
export function greedyDual(size: number): Ask {
  return bySample(size, ({ credit }) => credit)
}

/** S3-FIFO in which what costs more than the mean begins with a use, and what costs four times as much with two. */
export function s3FifoByCost(size: number): Ask {
  let [sum, count] = [0, 0]
  const usesOfNew = (costs: number) => {
    sum += costs
    const mean = sum / ++count
    return costs > 4 * mean ? 2 : costs > mean ? 1 : 0
  }
  return s3Fifo(size, usesOfNew)
}

/** Evicts what is worth least in a sample that is the same each time. */
function bySample(size: number, worth: Worth): Ask {
  const places = new Map<number, number>()
  const entries: Entry[] = []
  let [taken, now, inflation, seed] = [0, 0, 0, 1]
  const evict = (): void => {
    let [least, at] = [Number.POSITIVE_INFINITY, 0]
    for (let look = 0; look < SAMPLE; look++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      const place = Math.floor((seed / 2 ** 32) * entries.length)
      const found = worth(entries[place] as Entry, now)
      if (found < least) [least, at] = [found, place]
    }
    inflation = Math.max(inflation, least)
    const victim = entries[at] as Entry
    const last = entries.pop() as Entry
    if (last !== victim) {
      entries[at] = last
      places.set(last.key, at)
    }
    places.delete(victim.key)
    taken -= victim.takes
  }
  return (key, takes = 1, costs = 1) => {
    now++
    const place = places.get(key)
    const known = place === undefined ? undefined : entries[place]
    if (known === undefined && takes > size) return false
    while (known === undefined && taken + takes > size) evict()
    const entry = known ?? { key, takes, costs, time: now, uses: 0, credit: 0 }
    entry.uses++
    entry.credit = inflation + (entry.uses * costs) / takes
    if (known !== undefined) return true
    places.set(key, entries.push(entry) - 1)
    taken += takes
    return false
  }
}
