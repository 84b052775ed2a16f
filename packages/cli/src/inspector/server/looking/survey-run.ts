import { type Survey, type SurveyProgress, surveyOf } from '../../../reading/survey.ts'
import type { Target } from '../../../reading/targets/target.ts'
import { WalkedListing } from '../../../reading/targets/walked-listing.ts'
import type { QueueView } from '../../protocol/api.ts'
import { Refusal } from '../http/refusal.ts'

/** How long a question for the sums goes on counting, in milliseconds. */
const PATIENCE_MS = 400

/** How long one for the queues does, which comes again in a second. */
const PATIENCE_FOR_QUEUES_MS = 50

/** How long sums that are not complete are kept before they are given up. */
const UNFINISHED_MS = 10_000

/** How long complete sums are kept at least before they are counted anew, and for how many times as long as that took. */
const KEPT_MS = 1_500
const KEPT_TIMES = 10

/** The sums of a store, counted once for all who ask, as far as they ask. */
export class SurveyRun {
  readonly #target: Target
  #steps: AsyncGenerator<SurveyProgress> | undefined
  #sums: Survey | undefined
  #queues: readonly QueueView[] = []
  #counting: Promise<Survey> | undefined
  #timer: NodeJS.Timeout | undefined
  #spent = 0

  constructor(target: Target) {
    this.#target = target
  }

  /** Goes on counting for a moment, and returns the sums so far. */
  async sums(patience = PATIENCE_MS): Promise<Survey> {
    if (this.#sums?.isDone) return this.#sums
    this.#counting ??= this.#count(patience).finally(() => {
      this.#counting = undefined
    })
    return this.#counting
  }

  /** Goes on counting for a moment, and returns the queues as they were counted last. */
  async queues(): Promise<readonly QueueView[]> {
    // A walk over all entries is for those who ask for the sums.
    if (!(this.#target.listing instanceof WalkedListing)) await this.sums(PATIENCE_FOR_QUEUES_MS)
    return this.#queues
  }

  /** Forgets the sums; the next question begins anew. */
  close(): void {
    clearTimeout(this.#timer)
    this.#steps?.return(undefined).catch(() => {})
    this.#steps = undefined
    this.#sums = undefined
    this.#spent = 0
  }

  async #count(patience: number): Promise<Survey> {
    clearTimeout(this.#timer)
    const begin = performance.now()
    try {
      this.#sums = await this.#lastSums(begin + patience)
    } catch (error) {
      this.close()
      throw error
    }
    this.#spent += performance.now() - begin
    if (this.#sums.isDone)
      this.#queues = this.#sums.queues.map(({ label, entries }) => ({ prefix: label, length: entries }))
    const least = this.#sums.isDone ? KEPT_MS : UNFINISHED_MS
    this.#timer = setTimeout(() => this.close(), Math.max(least, this.#spent * KEPT_TIMES)).unref()
    return this.#sums
  }

  /** Returns the last sums that come in time. */
  async #lastSums(end: number): Promise<Survey> {
    this.#steps ??= surveyOf(this.#target)
    for (;;) {
      const { value } = await this.#steps.next()
      if (!value) throw new Refusal(500, 'Cannot count the entries: the store gave nothing')
      if (value.isDone || performance.now() >= end) return value.sums()
    }
  }
}
