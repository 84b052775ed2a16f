import { LRUCache } from 'lru-cache'

/** Of how many URLs is remembered that their body is too long. */
const MAX_URLS = 10_000

/** How long it is, in milliseconds: the next body may be shorter. */
const MEMORY_MS = 600_000

/**
 * Bodies that were too long to be stored, which was known only when their head had been sent. Of the next one the head need
 * not say that it is stored, nor the store be asked.
 */
export class RefusedSizes {
  readonly #sizes: LRUCache<string, number>

  /** `now` is in milliseconds. */
  constructor(now: () => number) {
    this.#sizes = new LRUCache({ max: MAX_URLS, ttl: MEMORY_MS, ttlResolution: 0, perf: { now } })
  }

  /** Remembers that of a target's body so many bytes were too much. */
  note(id: string, size: number): void {
    this.#sizes.set(id, size)
  }

  /** Returns whether a body of this length, `undefined` for one that is not known, is likely to be too long. */
  has(id: string, length: number | undefined): boolean {
    const size = this.#sizes.get(id)
    return size !== undefined && (length === undefined || length >= size)
  }
}
