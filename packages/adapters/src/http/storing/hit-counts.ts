import { LRUCache } from 'lru-cache'

/** Of more names than this, those are forgotten that were counted least lately. */
const MAX_COUNTED = 10_000

interface Count {
  total: number
  /** Since they were taken. */
  recent: number
}

/** How often this process has met something: a response from which it has answered, or a variant that there was not. */
export class HitCounts {
  readonly #counts = new LRUCache<string, Count>({ max: MAX_COUNTED })

  add(id: string): void {
    const count = this.#counts.get(id)
    if (count === undefined) {
      this.#counts.set(id, { total: 1, recent: 1 })
    } else {
      count.total++
      count.recent++
    }
  }

  of(id: string): number {
    return this.#counts.peek(id)?.total ?? 0
  }

  /** Returns how often since this was asked last. */
  take(id: string): number {
    const count = this.#counts.peek(id)
    if (count === undefined) return 0
    const { recent } = count
    count.recent = 0
    return recent
  }
}
