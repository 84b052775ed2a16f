import { LRUCache } from 'lru-cache'

/** Of more responses than this, those are forgotten that were asked for least lately. */
const MAX_COUNTED_RESPONSES = 10_000

/** How often this process has answered from the cache. */
export class HitCounts {
  readonly #counts = new LRUCache<string, number>({ max: MAX_COUNTED_RESPONSES })

  add(id: string): void {
    this.#counts.set(id, this.of(id) + 1)
  }

  of(id: string): number {
    return this.#counts.peek(id) ?? 0
  }
}
