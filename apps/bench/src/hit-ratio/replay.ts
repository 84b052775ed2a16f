import type { Cache } from '@diskcache/cache'
import type { Ask } from '@diskcache/simulation'
import { VALUE } from './cache-of-size.ts'

/** The number of misses between two looks at how many entries there are. */
const MISSES_PER_LOOK = 256

/** A cache that is asked for keys, and given those that it does not have. */
export class Replay {
  readonly #cache: Cache
  #misses = 0
  #entries: number[] = []

  constructor(cache: Cache) {
    this.#cache = cache
  }

  readonly ask: Ask = (key) => {
    if (this.#cache.get(key) !== undefined) return true
    this.#cache.set(key, VALUE)
    if (++this.#misses % MISSES_PER_LOOK === 0) this.#entries.push(this.#cache.size)
    return false
  }

  /** The entries that the cache has held since half of what it was given. */
  get held(): number {
    const since = this.#entries.slice(Math.floor(this.#entries.length / 2))
    if (since.length === 0) return this.#cache.size
    return Math.round(since.reduce((sum, entries) => sum + entries, 0) / since.length)
  }
}
