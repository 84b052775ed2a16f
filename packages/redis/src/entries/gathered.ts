import type { Deadline } from '../server/deadline.ts'
import { batchesOf } from './batches.ts'

/** Costs less than `queueMicrotask`, which Node wraps. */
const RESOLVED = Promise.resolve()

/** An item that waits for the end of the turn. */
class Waiting<T, R> {
  readonly item: T
  readonly deadline: Deadline
  readonly promise: Promise<R>
  resolve!: (result: R | Promise<R>) => void
  reject!: (error: unknown) => void

  constructor(item: T, deadline: Deadline) {
    this.item = item
    this.deadline = deadline
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }
}

export interface GatheredParts<T, R> {
  /** Bytes, roughly, with a share for the item itself. */
  readonly sizeOf: (item: T) => number
  /** How much of that is done together. */
  readonly limit: number
  readonly one: (item: T, deadline: Deadline) => Promise<R>
  readonly many: (items: readonly T[], deadline: Deadline) => Promise<readonly R[]>
}

/**
 * Operations of one kind that are issued in one turn of the event loop, done by one command. They have the same time
 * left.
 */
export class Gathered<T, R> {
  readonly #parts: GatheredParts<T, R>
  #waiting: Waiting<T, R>[] = []
  /** Whether one of this turn is under way. */
  #isTurn = false

  constructor(parts: GatheredParts<T, R>) {
    this.#parts = parts
  }

  /** What its caller may take back goes alone, and the first of a turn, which does not wait for others. */
  run(item: T, deadline: Deadline): Promise<R> {
    if (deadline.caller !== undefined) return this.#parts.one(item, deadline)
    if (!this.#isTurn) {
      this.#isTurn = true
      RESOLVED.then(this.#flush)
      return this.#parts.one(item, deadline)
    }
    const waiting = new Waiting<T, R>(item, deadline)
    this.#waiting.push(waiting)
    return waiting.promise
  }

  readonly #flush = (): void => {
    this.#isTurn = false
    if (this.#waiting.length === 0) return
    const all = this.#waiting
    this.#waiting = []
    const { sizeOf, limit } = this.#parts
    for (const batch of batchesOf(all, ({ item }) => sizeOf(item), limit)) {
      if (batch.length > 1) this.#runMany(batch)
      else this.#runOne(batch[0] as Waiting<T, R>)
    }
  }

  #runOne({ item, deadline, resolve, reject }: Waiting<T, R>): void {
    this.#parts.one(item, deadline).then(resolve, reject)
  }

  async #runMany(batch: readonly Waiting<T, R>[]): Promise<void> {
    const { deadline } = batch[0] as Waiting<T, R>
    try {
      const items = batch.map(({ item }) => item)
      const results = await this.#parts.many(items, deadline)
      for (const [i, { resolve }] of batch.entries()) resolve(results[i] as R)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
}
