import { setTimeout } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'

/** How long a worker may have a task, in milliseconds: what takes longer is given to another one. */
const TIME_LIMIT = 2_000

/** Tasks that are done at least once, whichever worker is killed. */
export class Tasks {
  readonly #cache: Cache

  constructor(directory: string) {
    // With the policy `none`, nothing is evicted.
    this.#cache = new Cache(directory, { evictionPolicy: 'none' })
  }

  get done(): number {
    return Number(this.#cache.get('done') ?? 0)
  }

  get open(): number {
    return [...this.#cache.keys({ prefix: 'tasks-' }), ...this.#cache.keys({ prefix: 'in hand: ' })].length
  }

  add(names: readonly string[]): void {
    this.#cache.transact(() => {
      for (const name of names) this.#cache.push(name, { prefix: 'tasks' })
    })
  }

  /** Gives one task after the other, and ends when all are done. */
  async *take(): AsyncGenerator<string> {
    while (this.open > 0) {
      const name = this.#takeOne()
      if (name !== undefined) yield name
      else await setTimeout(100)
    }
  }

  /** Says that a task is done: from then on nobody else gets it. */
  finish(name: string): void {
    this.#cache.transact(() => {
      if (this.#cache.delete(`in hand: ${name}`)) this.#cache.incr('done')
    })
  }

  close(): void {
    this.#cache.close()
  }

  /** From the queue into the hand of this worker, in one transaction: it is always in one of the two. */
  #takeOne(): string | undefined {
    return this.#cache.transact(() => {
      const name = this.#cache.pull({ prefix: 'tasks' })?.value ?? this.#findAbandoned()
      if (name !== undefined) this.#cache.set(`in hand: ${name}`, Date.now())
      return name as string | undefined
    })
  }

  #findAbandoned(): string | undefined {
    for (const key of this.#cache.keys({ prefix: 'in hand: ' })) {
      const since = Number(this.#cache.get(key))
      if (Date.now() - since > TIME_LIMIT) return String(key).slice('in hand: '.length)
    }
  }
}
