/** Asks for a key, puts it in on a miss, and returns whether it was a hit. */
export type Ask = (key: number) => boolean

/** First in, first out: what goes by the time of storing, without renewals. */
export function fifo(size: number): Ask {
  const keys = new Set<number>()
  return (key) => {
    if (keys.has(key)) return true
    keys.add(key)
    if (keys.size > size) keys.delete(first(keys))
    return false
  }
}

/** Least recently used. */
export function lru(size: number): Ask {
  const keys = new Set<number>()
  return (key) => {
    const isHit = keys.delete(key)
    keys.add(key)
    if (keys.size > size) keys.delete(first(keys))
    return isHit
  }
}

/** S3-FIFO as its authors have it (https://dl.acm.org/doi/10.1145/3600006.3613147), with a small queue of a tenth. */
export function s3Fifo(size: number): Ask {
  const [small, main] = [new Map<number, number>(), new Map<number, number>()]
  const ghosts = new Set<number>()
  const smallSize = Math.max(1, Math.floor(size / 10))
  const evictFromSmall = (): boolean => {
    const key = first(small)
    const uses = small.get(key) ?? 0
    small.delete(key)
    if (uses > 1) {
      main.set(key, 0)
      return false
    }
    ghosts.add(key)
    if (ghosts.size > size) ghosts.delete(first(ghosts))
    return true
  }
  const evictFromMain = (): boolean => {
    const key = first(main)
    const uses = main.get(key) ?? 0
    main.delete(key)
    if (uses > 0) main.set(key, uses - 1)
    return uses === 0
  }
  const evict = () => (small.size >= smallSize || main.size === 0 ? evictFromSmall() : evictFromMain())
  return (key) => {
    const queue = small.has(key) ? small : main
    const uses = queue.get(key)
    if (uses !== undefined) queue.set(key, Math.min(3, uses + 1))
    else {
      while (small.size + main.size >= size) evict()
      if (ghosts.delete(key)) main.set(key, 0)
      else small.set(key, 0)
    }
    return uses !== undefined
  }
}

function first(keys: Set<number> | Map<number, unknown>): number {
  return keys.keys().next().value ?? 0
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
