import type { AsyncCache } from '@diskcache/cache'
import { type Abortable, abortable, checkNumber, closedError, MAX_TIMER_MS, TimeLimit } from '@diskcache/core'

/** The options of `take` and `takeLeft`. */
export interface TakeOptions extends Abortable {
  /**
   * The longest time to wait for an item, in milliseconds. Left out or `Infinity`, the wait ends only with the
   * signal.
   */
  timeout?: number | undefined
}

const TIMED_OUT = Symbol('timed out')

/** The callers that wait for items of one deque. They are served in the order in which they came, one at a time. */
export class ItemTakers<V> {
  readonly #items: AsyncCache<number, V>
  #last: Promise<void> = Promise.resolve()
  readonly #closer = new AbortController()

  constructor(items: AsyncCache<number, V>) {
    this.#items = items
  }

  /** Waits for an item, removes it and resolves to it, or to `undefined` when the time is up. */
  async take(side: 'back' | 'front', { signal, timeout = Infinity }: TakeOptions): Promise<V | undefined> {
    checkNumber('timeout', timeout, { min: 0, max: MAX_TIMER_MS, infinity: true })
    signal?.throwIfAborted()
    using limit = new TimeLimit({ timeout, signal }, () => TIMED_OUT)
    const patience = AbortSignal.any([this.#closer.signal, limit.signal])
    try {
      return await this.#inTurn(patience, () => this.#next(side, signal, patience))
    } catch (error) {
      if (error === TIMED_OUT) return undefined
      throw error
    }
  }

  /** Rejects the callers that wait, and those that come later. */
  close(): void {
    this.#closer.abort(closedError())
  }

  /** Runs a task when those before it are done. */
  async #inTurn<T>(patience: AbortSignal, task: () => Promise<T>): Promise<T> {
    const before = this.#last
    const done = Promise.withResolvers<void>()
    this.#last = done.promise
    try {
      await abortable(before, patience)
      return await task()
    } finally {
      before.then(done.resolve)
    }
  }

  /** Waits for the next item. The signal may abort everything, `patience` only the wait. */
  async #next(side: 'back' | 'front', signal: AbortSignal | undefined, patience: AbortSignal): Promise<V> {
    // Nearly always there is an item, and nothing has to be watched.
    const ready = await this.#items.pull({ side, signal })
    if (ready !== undefined) return ready.value
    for (;;) {
      const found = new AbortController()
      // The watch begins before the look at the items, so that none is missed that comes in between.
      const change = this.#items.waitFor([], { signal: AbortSignal.any([patience, found.signal]) })
      change.catch(() => {})
      const item = await this.#items.pull({ side, signal })
      if (item === undefined) await change
      else {
        found.abort()
        return item.value
      }
    }
  }
}
