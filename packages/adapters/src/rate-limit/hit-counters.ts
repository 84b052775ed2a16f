import {
  type AsyncStore,
  type Entry,
  nameOf,
  type PatienceOptions,
  quote,
  type StoreHealth,
  tellFailure,
} from '@diskcache/core'
import { PatientStore } from '../store/patient-store.ts'

/** A counter after it was changed or read. */
export interface HitCount {
  readonly count: number
  /** When its window ends, in epoch milliseconds; `null` for never. */
  readonly expireTime: number | null
  /** Whether its window has begun with this change. */
  readonly isFirst: boolean
}

/**
 * Counters that last for a window of time: each begins with the first hit of its key, and its entry expires with it.
 * Every change is one `update`, so that no hit of any process is lost. What is no count counts as none, and the next hit takes
 * its place: a client is neither let through nor refused for good.
 */
export class HitCounters {
  readonly #store: AsyncStore
  readonly #patient: PatientStore
  readonly #prefix: string
  readonly #min: number

  /** The keys of the counters begin with `prefix`; no count is less than `min`. */
  constructor(store: AsyncStore, prefix: string, options: PatienceOptions, min = 0) {
    this.#store = store
    this.#min = min
    this.#patient = new PatientStore(store, options)
    this.#prefix = prefix
  }

  /** Adds to a counter; where there is none, a window of `ttl` milliseconds begins. */
  add(key: string, delta: number, ttl: number): Promise<HitCount> {
    return this.#change(key, ttl, (before = 0) => before + delta)
  }

  /** Lets a window of `ttl` milliseconds begin, whatever was counted before. */
  restart(key: string, count: number, ttl: number): Promise<HitCount> {
    return this.#change(key, ttl, () => count, true)
  }

  /** Takes one from a counter that is more than zero; where there is none, it does nothing. */
  async takeBack(key: string): Promise<void> {
    await this.#patient.write((store, options) =>
      store.update(
        this.#prefix + key,
        (entry) => {
          const count = this.#countOf(key, entry) ?? 0
          return count > 0 ? { set: count - 1 } : { keep: true }
        },
        options,
      ),
    )
  }

  /** Returns a counter, `undefined` where there is none, or its window is over. */
  async get(key: string): Promise<HitCount | undefined> {
    const entry = await this.#patient.read((store, options) => store.getEntry(this.#prefix + key, options))
    const count = this.#countOf(key, entry)
    return entry && count !== undefined ? { count, expireTime: entry.expireTime, isFirst: false } : undefined
  }

  /** Forgets a counter, and returns whether there was one. */
  remove(key: string): Promise<boolean> {
    return this.#patient.write((store, options) => store.delete(this.#prefix + key, options))
  }

  /** Forgets all counters with the prefix, and nothing else that is in the store. */
  async removeAll(): Promise<void> {
    await this.#patient.writeMuch((store, options) => store.clear({ prefix: this.#prefix, ...options }))
  }

  /** Returns how the store does, as far as this process has noticed. */
  health(): StoreHealth {
    return this.#patient.health()
  }

  /** Where the engine decides more than once, its last decision is the one that counts. */
  async #change(
    key: string,
    ttl: number,
    count: (before: number | undefined) => number,
    isForced = false,
  ): Promise<HitCount> {
    let last!: { count: number; isFirst: boolean }
    const entry = await this.#patient.write((store, options) =>
      store.update(
        this.#prefix + key,
        (entry) => {
          const before = this.#countOf(key, entry)
          last = { count: count(before), isFirst: isForced || before === undefined }
          return last.isFirst ? { set: last.count, ttl, pin: 'share' } : { set: last.count }
        },
        options,
      ),
    )
    return { ...last, expireTime: entry === undefined ? Date.now() : entry.expireTime }
  }

  #countOf(key: string, entry: Entry<unknown> | undefined): number | undefined {
    if (entry === undefined) return undefined
    const { value } = entry
    if (isCount(value) && value >= this.#min) return value
    const name = this.#prefix + key
    const message = `Cannot count hits by ${quote(name)}: there is a value that is no count`
    tellFailure({ store: nameOf(this.#store), key: name }, new TypeError(message))
    return undefined
  }
}

/** Points may be fractions, and beyond these numbers nothing can be added. */
function isCount(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER
}
