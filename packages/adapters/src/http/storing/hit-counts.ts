import { LRUCache } from 'lru-cache'

/** Of more responses than this, those are forgotten that were counted least lately. */
const MAX_COUNTED = 10_000

/** How often this process has answered from each response. */
export class HitCounts {
  readonly #counts = new LRUCache<string, { total: number }>({ max: MAX_COUNTED })

  add(id: string): void {
    const count = this.#counts.get(id)
    if (count === undefined) this.#counts.set(id, { total: 1 })
    else count.total++
  }

  of(id: string): number {
    return this.#counts.peek(id)?.total ?? 0
  }
}
