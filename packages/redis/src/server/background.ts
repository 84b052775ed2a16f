import { errorChannel } from '@diskcache/core'
import type { Deadline, DeadlineWatch } from './deadline.ts'

/** Work that no caller waits for, but closing does. What fails is told on the channel of errors. */
export class Background {
  readonly #watch: DeadlineWatch
  readonly #store: string
  readonly #tasks = new Set<Promise<unknown>>()

  /** `store` is what messages call it. */
  constructor(watch: DeadlineWatch, store: string) {
    this.#watch = watch
    this.#store = store
  }

  start(task: (deadline: Deadline) => Promise<unknown>): void {
    const done = this.#watch
      .run(task)
      .catch((error) => errorChannel.publish({ store: this.#store, reason: 'failed', error }))
    this.#tasks.add(done)
    done.then(() => this.#tasks.delete(done))
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks)
  }
}
