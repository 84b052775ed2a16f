import type { AsyncStore } from '@diskcache/core'

/**
 * Looks whether the store has changed, one for many requests: a look is right for whatever had come before it. So requests
 * that wait for each other to come, if only until the event loop has nothing more to give, pay for one.
 */
export class ChangeLooks {
  readonly #store: AsyncStore
  #arrivals = 0
  /** How many had arrived by the last look. */
  #seen = 0
  #count: number | undefined

  constructor(store: AsyncStore) {
    this.#store = store
  }

  /** Returns the number of something that begins now. */
  arrive(): number {
    return this.#arrivals++
  }

  /** Returns the store's count of changes, as it was at some time since this arrival; `undefined` where it cannot tell. */
  countSince(arrival: number): number | undefined {
    if (arrival >= this.#seen) {
      this.#seen = this.#arrivals
      this.#count = this.#look()
    }
    return this.#count
  }

  /** Returns the store's count of changes now. */
  count(): number | undefined {
    return this.countSince(this.arrive())
  }

  #look(): number | undefined {
    try {
      return this.#store.changeCount?.()
    } catch {
      // A look at what is stored meets the same, and tells.
      return undefined
    }
  }
}
