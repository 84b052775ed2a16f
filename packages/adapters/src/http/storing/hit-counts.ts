/** Beyond this many responses, those are forgotten that were counted first. */
const MAX_COUNTED_URLS = 10_000

/** How often this process has answered from the cache. */
export class HitCounts {
  readonly #counts = new Map<string, number>()

  add(id: string): void {
    const count = this.of(id) + 1
    const [oldest] = this.#counts.keys()
    if (count === 1 && this.#counts.size >= MAX_COUNTED_URLS && oldest !== undefined)
      this.#counts.delete(oldest)
    this.#counts.set(id, count)
  }

  of(id: string): number {
    return this.#counts.get(id) ?? 0
  }
}
