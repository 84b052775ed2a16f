/**
 * Asks for a key, puts it in on a miss, and returns whether it was a hit. What it takes, 1 unless given, is in the unit
 * of the size of the cache; what takes more than the whole is not put in. What it costs to make counts for some policies.
 */
export type Ask = (key: number, takes?: number, costs?: number) => boolean

/** First in, first out: what goes by the time of storing, without renewals. */
export function fifo(size: number): Ask {
  const queue = new Queue()
  return (key, takes = 1) => {
    if (queue.entries.has(key)) return true
    if (takes > size) return false
    queue.add(key, { takes, uses: 0 })
    while (queue.taken > size) queue.shift()
    return false
  }
}

/** Least recently used. */
export function lru(size: number): Ask {
  const queue = new Queue()
  return (key, takes = 1) => {
    const known = queue.remove(key)
    if (takes > size && known === undefined) return false
    queue.add(key, known ?? { takes, uses: 0 })
    while (queue.taken > size) queue.shift()
    return known !== undefined
  }
}

/**
 * S3-FIFO as its authors have it (https://dl.acm.org/doi/10.1145/3600006.3613147), with a small queue of a tenth. Theirs
 * gives no new entry any uses.
 */
export function s3Fifo(size: number, usesOfNew: (costs: number) => number = () => 0): Ask {
  const [small, main] = [new Queue(), new Queue()]
  const ghosts = new Queue()
  const smallSize = Math.max(1, Math.floor(size / 10))
  const evictFromSmall = (): void => {
    const [key, { takes, uses }] = small.shift()
    if (uses > 1) {
      main.add(key, { takes, uses: 0 })
      return
    }
    ghosts.add(key, { takes, uses: 0 })
    while (ghosts.taken > size) ghosts.shift()
  }
  const evictFromMain = (): void => {
    const [key, { takes, uses }] = main.shift()
    if (uses > 0) main.add(key, { takes, uses: uses - 1 })
  }
  return (key, takes = 1, costs = 1) => {
    const entry = small.entries.get(key) ?? main.entries.get(key)
    if (entry !== undefined) {
      entry.uses = Math.min(3, entry.uses + 1)
      return true
    }
    if (takes > size) return false
    while (small.taken + main.taken + takes > size) {
      if (small.taken >= smallSize || main.entries.size === 0) evictFromSmall()
      else evictFromMain()
    }
    const queue = ghosts.remove(key) === undefined ? small : main
    queue.add(key, { takes, uses: usesOfNew(costs) })
    return false
  }
}

interface Entry {
  readonly takes: number
  uses: number
}

/** Entries in their order, and what they take together. */
class Queue {
  readonly entries = new Map<number, Entry>()
  taken = 0

  add(key: number, entry: Entry): void {
    this.entries.set(key, entry)
    this.taken += entry.takes
  }

  remove(key: number): Entry | undefined {
    const entry = this.entries.get(key)
    if (entry !== undefined) this.taken -= entry.takes
    this.entries.delete(key)
    return entry
  }

  /** Removes the first entry. */
  shift(): [key: number, entry: Entry] {
    const [first] = this.entries
    if (first === undefined) throw new Error('unreachable: an empty queue has nothing to evict')
    this.remove(first[0])
    return first
  }
}

/** Returns the part of requests that are hits. */
export function hitRatio(requests: Iterable<number>, ask: Ask): number {
  let [hits, all] = [0, 0]
  for (const key of requests) {
    all++
    if (ask(key)) hits++
  }
  return all === 0 ? 0 : hits / all
}
