import { ok, strictEqual } from 'node:assert'
import { setImmediate } from 'node:timers/promises'
import type { DiskCacheError } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { role } from '../../../../packages/cache/tests/processes/role.ts'

export interface DroppingJob {
  readonly directory: string
  readonly seed: number
  readonly id: number
  readonly operations: number
}

export interface DroppingReport {
  /** What it added to each of {@link COUNTERS}. */
  readonly added: number[]
  /** What its own keys must hold. */
  readonly own: [string, string][]
  readonly dropped: number
  /** Operations that threw, since they have no answer for "dropped". */
  readonly refused: number
}

/** Small integers are their own hash: one in each of eight shards. */
export const COUNTERS: readonly number[] = [...Array(8).keys()]

/** So that writes take a while, and others come too late. */
const PADDING = '.'.repeat(30_000)

/**
 * What the synchronous face says it dropped has no effect, what it says it did has; what was asked of promises is done.
 * The timeout is the default, which is short.
 */
role<DroppingJob, DroppingReport>(async (job, barrier) => {
  using cache = new FanoutCache(job.directory)
  const worker = new Worker(cache, job)
  await barrier()
  for (let i = 0; i < job.operations; i++) {
    await worker.step(i)
    if (i % 50 === 0) await setImmediate()
  }
  return worker.report()
})

class Worker {
  readonly #cache: FanoutCache
  readonly #random: Random
  readonly #id: number
  readonly #own = new Map<string, string>()
  readonly #added = COUNTERS.map(() => 0)
  #dropped = 0
  #refused = 0

  constructor(cache: FanoutCache, { seed, id }: DroppingJob) {
    this.#cache = cache
    this.#random = new Random(seed, id)
    this.#id = id
  }

  async step(sequence: number): Promise<void> {
    const key = `own:${this.#id}:${this.#random.below(20)}`
    await this.#random.pick(this.#actions)(key, `${sequence} ${PADDING}`)
    strictEqual(
      this.#cache.stats().dropped,
      this.#dropped,
      'stats() and the answers differ in what was dropped',
    )
    strictEqual(this.#cache.get(key), this.#own.get(key), `${key} is not what the answers say`)
  }

  report(): DroppingReport {
    return { added: this.#added, own: [...this.#own], dropped: this.#dropped, refused: this.#refused }
  }

  readonly #actions: ((key: string, value: string) => Promise<void> | void)[] = [
    (key, value) => {
      if (this.#cache.set(key, value)) this.#own.set(key, value)
      else this.#dropped++
    },
    (key, value) => {
      if (this.#cache.add(key, value)) this.#own.set(key, value)
      else if (this.#own.has(key)) this.#noteAmbiguous()
      else this.#dropped++
    },
    (key) => {
      if (this.#cache.delete(key)) this.#own.delete(key)
      else if (this.#own.has(key)) this.#dropped++
      else this.#noteAmbiguous()
    },
    async (key, value) => {
      strictEqual(await this.#cache.promises.set(key, value), true)
      this.#own.set(key, value)
    },
    (_key) => this.#count(([i]) => this.#cache.incr(i, 1), 1),
    (_key) => this.#count(([i, j]) => this.#cache.transact(() => this.#incrBoth(i, j)), 2),
    async (_key) => {
      const [i, j] = this.#pair()
      await Promise.all([this.#cache.promises.incr(i), this.#cache.promises.incr(j)])
      this.#note(i, j)
    },
    async (_key) => {
      const [i, j] = this.#pair()
      await this.#cache.promises.transact(() => this.#incrBoth(i, j))
      this.#note(i, j)
    },
  ]

  /** When there was nothing to do, the answer does not tell whether it was dropped. */
  #noteAmbiguous(): void {
    const { dropped } = this.#cache.stats()
    ok(dropped <= this.#dropped + 1, 'stats() counts an operation twice')
    this.#dropped = dropped
  }

  /** Counts on the synchronous face, which may refuse. */
  #count(act: (pair: [number, number]) => void, counters: number): void {
    const pair = this.#pair()
    try {
      act(pair)
      this.#note(...pair.slice(0, counters))
    } catch (error) {
      if ((error as DiskCacheError).code !== 'ERR_DISKCACHE_TIMEOUT') throw error
      this.#refused++
    }
  }

  #incrBoth(i: number, j: number): void {
    this.#cache.incr(i)
    this.#cache.incr(j)
  }

  #pair(): [number, number] {
    return [this.#random.pick(COUNTERS), this.#random.pick(COUNTERS)]
  }

  #note(...counters: readonly number[]): void {
    for (const i of counters) this.#added[i] = (this.#added[i] as number) + 1
  }
}
