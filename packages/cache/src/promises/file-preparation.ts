import type { EntryWriter } from '../entries/entry-writer.ts'
import type { PlannedValue, PreparedValue } from '../entries/prepared-value.ts'
import { Limiter } from './limiter.ts'

/** Files that are written at a time. */
const MAX_CONCURRENT_FILES = 8

type Prepared = readonly (PreparedValue | undefined)[]

/** Writes the files of planned values before a lock is taken, without blocking the event loop. */
export class FilePreparation {
  readonly #writer: EntryWriter
  readonly #limiter = new Limiter(MAX_CONCURRENT_FILES)
  readonly #preparations = new Set<Promise<void>>()

  constructor(writer: EntryWriter) {
    this.#writer = writer
  }

  /** Prepares values of which none is to be a file; `undefined` when one is, and has to be waited for. */
  prepareNow(values: readonly PlannedValue[]): Prepared | undefined {
    const prepared: (PreparedValue | undefined)[] = []
    for (const planned of values) if (planned?.isFile) return undefined
    for (const planned of values) prepared.push(this.#writer.prepare(planned))
    return prepared
  }

  /**
   * Prepares values and offers them to `take`, which returns whether they are still wanted; otherwise, and when a file
   * cannot be written, no file is left. Rejects with the failure.
   */
  prepare(values: readonly PlannedValue[], take: (prepared: Prepared) => boolean): Promise<void> {
    const preparation = this.#prepare(values, take)
    const end = () => void this.#preparations.delete(settled)
    const settled: Promise<void> = preparation.then(end, end)
    this.#preparations.add(settled)
    return preparation
  }

  /** Resolves when no file is being written, and those that nobody wanted are gone. */
  async idle(): Promise<void> {
    await Promise.all(this.#preparations)
  }

  async #prepare(values: readonly PlannedValue[], take: (prepared: Prepared) => boolean): Promise<void> {
    const tasks = values.map((planned) => this.#limiter.run(() => this.#writer.prepareAsync(planned)))
    const results = await Promise.allSettled(tasks)
    const prepared = results.map((result) => (result.status === 'fulfilled' ? result.value : undefined))
    const failure = results.find((result) => result.status === 'rejected')
    const isTaken = failure === undefined && take(prepared)
    if (!isTaken) this.#writer.discard(prepared)
    if (failure !== undefined) throw failure.reason
  }
}
