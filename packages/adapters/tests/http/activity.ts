import { setImmediate as turn } from 'node:timers/promises'
import type { AsyncStore } from '@diskcache/core'

/** Members that are no operations, or wait for others. */
const NO_OPERATIONS: readonly PropertyKey[] = ['keys', 'values', 'entries', 'waitFor', 'changeCount', 'close']

/** No operation in a test takes longer, in milliseconds. */
const LIMIT = 10_000

/** Knows what goes on in a store, so that a test can wait for the end of what a client does not wait for. */
export class Activity {
  #pending = 0

  /** The same store, watched. */
  watch<S extends AsyncStore>(store: S): S {
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        if (NO_OPERATIONS.includes(name) || typeof name === 'symbol') return member.bind(target)
        return (...args: unknown[]) => this.#run(() => Reflect.apply(member, target, args))
      },
    })
  }

  /** Resolves when nothing has gone on for two turns of the event loop. */
  async settled(): Promise<void> {
    const limit = performance.now() + LIMIT
    for (let quiet = 0; quiet < 3; quiet = this.#pending === 0 ? quiet + 1 : 0) {
      if (performance.now() > limit) throw new Error(`${this.#pending} operations do not end`)
      await turn()
    }
  }

  async #run(task: () => unknown): Promise<unknown> {
    this.#pending++
    try {
      return await task()
    } finally {
      this.#pending--
    }
  }
}
