import { locksOf } from '../../../reading/locks.ts'
import { sizeOf } from '../../../reading/store-size.ts'
import type { Target } from '../../../reading/targets/target.ts'
import type { Live, LockView, Sample } from '../../protocol/api.ts'

const EVERY_MS = 1_000

/** How long samples are taken after the last question, in milliseconds. */
const ATTENTION_MS = 10_000

/** The samples that are kept: ten minutes. */
const MOST_SAMPLES = 600

/** What is counted since the store was made, by all processes. */
interface Counts {
  readonly hits: number
  readonly misses: number
  readonly evictions: number
}

/** Samples of a store, one a second, for as long as somebody looks. */
export class Sampler {
  readonly #target: Target
  #samples: Sample[] = []
  #locks: readonly LockView[] = []
  #counts: Counts | undefined
  #askedAt = 0
  #timer: NodeJS.Timeout | undefined
  #taking: Promise<void> | undefined
  #error: unknown

  constructor(target: Target) {
    this.#target = target
  }

  /**
   * Returns the samples after a moment, in epoch milliseconds, and what there was at the last one.
   *
   * @throws what the store fails with
   */
  async live(since: number): Promise<Omit<Live, 'queues'>> {
    this.#askedAt = performance.now()
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#tick(), EVERY_MS).unref()
      this.#counts = undefined
      await this.#take()
    }
    if (this.#error !== undefined) throw this.#error
    const samples = this.#samples.filter(({ time }) => time > since)
    return { samples, locks: this.#locks }
  }

  /** Takes no more samples until the next question. */
  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #tick(): void {
    if (performance.now() - this.#askedAt > ATTENTION_MS) this.close()
    else void this.#take()
  }

  /** Takes a sample, unless the store has not answered for the one before. */
  #take(): Promise<void> {
    this.#taking ??= this.#sample()
      .then(
        () => {
          this.#error = undefined
        },
        (error: unknown) => {
          this.#error = error ?? new Error('Cannot look at the store')
        },
      )
      .finally(() => {
        this.#taking = undefined
      })
    return this.#taking
  }

  async #sample(): Promise<void> {
    const { store } = this.#target
    const [{ entries, volume: bytes }, { hits, misses, evictions }, locks] = await Promise.all([
      sizeOf(this.#target),
      store.stats(),
      locksOf(this.#target, Date.now()),
    ])
    const counts = { hits, misses, evictions: evictions?.count ?? 0 }
    const before = this.#counts ?? counts
    const waiting = locks.reduce((sum, lock) => sum + lock.waiting, 0)
    this.#samples.push({ time: Date.now(), entries, bytes, ...difference(before, counts), waiting })
    this.#samples = this.#samples.slice(-MOST_SAMPLES)
    this.#counts = counts
    this.#locks = locks
  }
}

/** Returns what was added; after a reset, what there is. */
function difference(before: Counts, counts: Counts): Counts {
  const added = (name: keyof Counts) =>
    counts[name] < before[name] ? counts[name] : counts[name] - before[name]
  return { hits: added('hits'), misses: added('misses'), evictions: added('evictions') }
}
