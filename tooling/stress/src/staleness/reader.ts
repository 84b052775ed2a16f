import { setTimeout } from 'node:timers/promises'
import type { AsyncStore, CacheOptions, Store } from '@diskcache/cache'
import { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { role } from '../../../../packages/cache/tests/processes/role.ts'
import { checkStamped } from '../../../../packages/cache/tests/processes/stamped-value.ts'
import { KEY_COUNT, keyOf, monotonicTime } from './history-log.ts'
import { NOTHING, TORN } from './judge.ts'
import { openSharedStore, type SharedStoreJob } from './open-shared-store.ts'
import { ReadLog } from './read-log.ts'

export interface ReaderJob {
  readonly store: SharedStoreJob
  readonly seed: number
  readonly face: 'sync' | 'promises'
  readonly memory: NonNullable<CacheOptions['memory']> & { readonly staleness: number }
  /** It ends when somebody has set this key. */
  readonly stop: string
}

export interface ReaderReport {
  /** What {@link ReadLog.pack} gave. */
  readonly reads: Float64Array
  /** How many of them were answered from memory alone, and how many after a look at the row. */
  readonly hits: number
  readonly verified: number
  /** The first value that was not what anybody wrote. */
  readonly torn: string | undefined
}

/** How many keys are read most of the time. */
const HOT_KEYS = 8

/** How many reads are made in a row, and how many of the promise face at a time. */
const BURST = 16
const AT_A_TIME = 8

/** In nanoseconds, of a millisecond. */
const MS = 1e6

role<ReaderJob, ReaderReport>(async ({ store, seed, face, memory, stop }, barrier) => {
  const { sync, promises } = openSharedStore(store, memory)
  const reader = new Reader(new Random(seed), memory)
  await barrier()
  while (!(await promises.has(stop))) {
    for (let i = 0; i < 16; i++) {
      if (sync !== undefined && face === 'sync') reader.readSync(sync)
      else await reader.readPromises(promises)
      await setTimeout(1)
    }
  }
  const { hits = 0, verified = 0 } = (await promises.stats()).memory ?? {}
  await promises.close()
  return { reads: reader.log.pack(), hits, verified, torn: reader.torn }
})

/** Reads at random, checks each value, and does to it what must not show elsewhere. */
class Reader {
  readonly log = new ReadLog()
  torn: string | undefined
  readonly #random: Random
  readonly #memory: ReaderJob['memory']

  constructor(random: Random, memory: ReaderJob['memory']) {
    this.#random = random
    this.#memory = memory
  }

  readSync(store: Pick<Store<string>, 'get'>): void {
    for (let i = 0; i < BURST; i++) {
      const read = this.#begin()
      read.end(store.get(read.name, read.options))
    }
  }

  async readPromises(store: AsyncStore<string>): Promise<void> {
    for (let i = 0; i < BURST; i += AT_A_TIME) {
      const reads = Array.from({ length: AT_A_TIME }, async () => {
        const read = this.#begin()
        read.end(await store.get(read.name, read.options))
      })
      await Promise.all(reads)
    }
  }

  #begin() {
    const key = this.#random.below(this.#random.chance(0.7) ? HOT_KEYS : KEY_COUNT)
    const name = keyOf(key)
    const fresh = this.#random.chance(0.02)
    const staleness = fresh ? 0 : this.#memory.staleness * MS
    const wallBegin = Date.now()
    const begin = monotonicTime()
    const end = (value: unknown) => {
      const times = { begin, end: monotonicTime(), wallBegin, wallEnd: Date.now() }
      this.log.add({ key, staleness, ...times, version: this.#versionOf(name, value) })
    }
    return { name, options: fresh ? { fresh } : undefined, end }
  }

  #versionOf(name: string, value: unknown): number {
    if (value === undefined) return NOTHING
    try {
      const { sequence } = checkStamped(name, value)
      if (this.#memory.share !== 'frozen') spoil(value)
      return sequence
    } catch (error) {
      this.torn ??= (error as Error).message
      return TORN
    }
  }
}

/** Changes a value of one's own. */
function spoil(value: unknown): void {
  if (value instanceof Uint8Array) value.fill(0)
  else if (typeof value === 'object' && value !== null) Object.assign(value, { text: 'spoilt' })
}
