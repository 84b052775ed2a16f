import { abortable, realTimers } from '@diskcache/core'

/** Lets everything pass until a task asks to be alone: what comes later then waits for that task. */
export class Exclusion {
  #last: Promise<void> | undefined

  /**
   * A promise that resolves when every task that asked to be alone so far is done, or `undefined` when there is none.
   */
  get pendingExclusive(): Promise<void> | undefined {
    return this.#last
  }

  /**
   * Runs a task after those that asked before, and resolves to its result. That everything else is done is up to the
   * task.
   */
  async run<T>(task: () => Promise<T>): Promise<T> {
    const before = this.#last
    const done = Promise.withResolvers<void>()
    this.#last = done.promise
    try {
      if (before !== undefined) await abortable(before, undefined)
      return await task()
    } finally {
      done.resolve()
      // Not at once, so that what comes now does not overtake what has waited.
      realTimers.setImmediate(() => {
        if (this.#last === done.promise) this.#last = undefined
      })
    }
  }
}
