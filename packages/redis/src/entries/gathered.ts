import type { Deadline } from '../server/deadline.ts'
import { batchesOf } from './batches.ts'

/** Costs less than `queueMicrotask`, which Node wraps. */
const RESOLVED = Promise.resolve()

interface Waiting<T, R> extends PromiseWithResolvers<R> {
  readonly item: T
  readonly deadline: Deadline
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

  constructor(parts: GatheredParts<T, R>) {
    this.#parts = parts
  }

  /** What its caller may take back goes alone. */
  run(item: T, deadline: Deadline): Promise<R> {
    if (deadline.caller !== undefined) return this.#parts.one(item, deadline)
    const waiting = { item, deadline, ...Promise.withResolvers<R>() }
    if (this.#waiting.push(waiting) === 1) RESOLVED.then(() => this.#flush())
    return waiting.promise
  }

  #flush(): void {
    const all = this.#waiting
    this.#waiting = []
    const { sizeOf, limit, one } = this.#parts
    const [only] = all as [Waiting<T, R>]
    if (all.length === 1) return void one(only.item, only.deadline).then(only.resolve, only.reject)
    for (const batch of batchesOf(all, ({ item }) => sizeOf(item), limit)) {
      const [first] = batch as [Waiting<T, R>]
      if (batch.length > 1) this.#runMany(batch)
      else one(first.item, first.deadline).then(first.resolve, first.reject)
    }
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
