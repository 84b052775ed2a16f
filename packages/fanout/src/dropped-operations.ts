import { hasCode, type Key, lockChannel } from '@diskcache/core'

/** Counts the operations that were given up because another process held the lock for too long. */
export class DroppedOperations {
  readonly #store: string
  #count = 0

  /** Takes the directory of the store, for the channel. */
  constructor(store: string) {
    this.#store = store
  }

  /** Returns the number of operations that were given up. With `reset`, counting begins anew. */
  count(reset = false): number {
    const count = this.#count
    if (reset) this.#count = 0
    return count
  }

  /**
   * Notes `error` when it says that an operation waited in vain, or, where `isLeftOut`, that its shard is beyond use;
   * throws it otherwise.
   */
  note(
    error: unknown,
    { key, isLeftOut = false }: { readonly key?: Key; readonly isLeftOut?: boolean } = {},
  ): void {
    if (!isLeftOut && !hasCode(error, 'ERR_DISKCACHE_TIMEOUT')) throw error
    this.#count++
    if (lockChannel.hasSubscribers) lockChannel.publish({ store: this.#store, key, reason: 'dropped' })
  }
}
