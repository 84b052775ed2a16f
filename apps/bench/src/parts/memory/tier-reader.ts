import { setImmediate as loopTurn } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { zipfRanks } from '../../measuring/seeded-random.ts'
import type { Stage } from '../../measuring/stage.ts'
import { Rotation, Workload } from '../../measuring/workload.ts'
import { type ValueKind, valueFor } from '../../worker/writer-service.ts'

const MAX_BYTES = 512 * 2 ** 20

/** Keys that are drawn beforehand, since drawing one takes as long as a read from memory. */
const DRAWS = 200_000

/** Between two looks at the clock. */
const READS = 100

export interface ReaderSettings {
  readonly kind: ValueKind
  readonly keys: number
  /** Of memory, in milliseconds; `undefined` for none. */
  readonly staleness: number | undefined
}

/** How many reads there were, in how many milliseconds of this thread's time on a core, and how memory answered them. */
export interface Turn {
  readonly reads: number
  readonly time: number
  readonly hits: number
  readonly verified: number
}

/** Reads keys of a directory by Zipf's law, with a memory of its own that has room for all of them. */
export class TierReader {
  readonly kind: ValueKind
  readonly staleness: number | undefined
  readonly #cache: Cache<string, unknown>
  readonly #keyNames: readonly string[]
  readonly #keys: Rotation<string>

  /** Fills the directory if that is empty. */
  constructor(stage: Stage, directory: string, { kind, keys, staleness }: ReaderSettings) {
    this.kind = kind
    this.staleness = staleness
    const memory = { maxBytes: MAX_BYTES, staleness, share: 'frozen' } as const
    const cache = stage.use(new Cache<string, unknown>(directory, staleness === undefined ? {} : { memory }))
    const { keyNames, values } = new Workload({ keys, bytes: 100 })
    if (cache.size === 0) cache.setMany(keyNames.map((key) => [key, valueFor(kind, values.next())]))
    const rank = zipfRanks(keys, 0)
    this.#cache = cache
    this.#keyNames = keyNames
    this.#keys = new Rotation(Array.from({ length: DRAWS }, () => keyNames[rank()] ?? ''))
  }

  /** Reads each key once, so that memory has all of them. */
  readAll(): void {
    for (const key of this.#keyNames) this.#cache.get(key)
  }

  /** Reads as fast as it can for so many milliseconds. */
  async read(duration: number): Promise<Turn> {
    const before = this.#counts()
    const usage = process.threadCpuUsage()
    const end = performance.now() + duration
    let reads = 0
    do {
      for (let i = 0; i < READS; i++) this.#cache.get(this.#keys.next())
      reads += READS
    } while (performance.now() < end)
    const { user, system } = process.threadCpuUsage(usage)
    const time = (user + system) / 1e3
    const { hits, verified } = this.#counts()
    // Answers of the writers are to be heard.
    await loopTurn()
    return { reads, time, hits: hits - before.hits, verified: verified - before.verified }
  }

  #counts() {
    return this.#cache.stats().memory ?? { hits: 0, verified: 0 }
  }
}
