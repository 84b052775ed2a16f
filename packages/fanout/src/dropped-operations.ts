import { hasCode, type Key, lockChannel } from '@diskcache/core'

/** Operations that were given up because another process held the lock for too long. */
export class DroppedOperations {
  readonly #store: string
  #count = 0

  /** `store` is the directory. */
  constructor(store: string) {
    this.#store = store
  }

  /** How many there were; with `reset`, counting begins anew. */
  count(reset = false): number {
    const count = this.#count
    if (reset) this.#count = 0
    return count
  }

  /** Notes `error` if it means that an operation waited in vain, and throws it otherwise. */
  note(error: unknown, key?: Key): void {
    if (!hasCode(error, 'ERR_DISKCACHE_TIMEOUT')) throw error
    this.#count++
    if (lockChannel.hasSubscribers) lockChannel.publish({ store: this.#store, key, reason: 'dropped' })
  }
}
