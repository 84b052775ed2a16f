import { randomUUID } from 'node:crypto'
import type { Abortable } from '../contract/async-store.ts'
import type { Change, Key, Tag } from '../contract/entry.ts'
import {
  type HoldRow,
  type LastOutcome,
  type Outcome,
  timeToEnd,
  timeToLapse,
  withHolder,
  withoutHolder,
  withRenewedHolder,
} from './hold-row.ts'
import { LeaseEnd } from './lease-end.ts'
import type { RecipeStore } from './recipe-store.ts'

/** How long a row outlives its last lease, so that tokens increase also when the clock is set back; milliseconds. */
const ROW_AFTERLIFE_MS = 86_400_000

/** How long the last outcome of an election is kept, in milliseconds. */
const LAST_OUTCOME_MS = 1_000

/** What all claims on one row have in common. */
export interface LeaseSpec {
  readonly store: RecipeStore
  /** What the caller calls it. */
  readonly key: Key
  readonly rowKey: Key
  /** How many may hold at a time. */
  readonly capacity: number
  /** Milliseconds. */
  readonly lease: number
  readonly tag?: Tag | undefined
  /** Whether the row goes with its only holder, because nobody needs its tokens afterwards. */
  readonly isTransient?: boolean
}

export interface Acquired {
  readonly token: number
  readonly end: LeaseEnd
}

/** Why a claim was refused, and for how many milliseconds at least unless the row changes. */
export interface Refused {
  readonly row: HoldRow | undefined
  readonly lapsesIn: number
}

type RowChange = Change<HoldRow>

/** One owner's claim on a row. Nobody else knows its name, so nobody else can renew or release for it. */
export class Claim {
  readonly spec: LeaseSpec
  readonly owner = randomUUID()

  constructor(terms: LeaseSpec) {
    this.spec = terms
  }

  async acquire(options: Abortable): Promise<Acquired | Refused> {
    const end = new LeaseEnd(this.spec.lease)
    let lapsesIn = 0
    const row = await this.#update((row, now) => {
      const entered = withHolder(row, this.#admission, now)
      lapsesIn = entered === undefined ? timeToLapse(row, now) : 0
      return entered && this.#write(entered, now)
    }, options)
    if (row?.holds.some(({ owner }) => owner === this.owner)) return { token: row.token, end }
    return { row, lapsesIn }
  }

  /** The new end of the lease, or `undefined` when it was lost. */
  async renew(): Promise<LeaseEnd | undefined> {
    const end = new LeaseEnd(this.spec.lease)
    let isOurs = false
    await this.#update((row, now) => {
      const renewed = withRenewedHolder(row, this.#admission, now)
      isOurs = renewed !== undefined
      return renewed && this.#write(renewed, now)
    })
    return isOurs ? end : undefined
  }

  /** Whether it was still ours to leave. */
  async release(outcome?: Outcome): Promise<boolean> {
    let isOurs = false
    await this.#update((row, now) => {
      const left = withoutHolder(row, this.owner)
      isOurs = left !== undefined
      return left && this.#writeLast(left, now, outcome && { owner: this.owner, ...outcome })
    })
    return isOurs
  }

  get #admission() {
    return { owner: this.owner, lease: this.spec.lease, capacity: this.spec.capacity }
  }

  /** The row afterwards. The last run of `change` is the one that counts. */
  async #update(
    change: (row: HoldRow | undefined, now: number) => RowChange | undefined,
    options?: Abortable,
  ): Promise<HoldRow | undefined> {
    const { store, rowKey } = this.spec
    const entry = await store.update(
      rowKey,
      (entry, now) => change(entry?.value as HoldRow | undefined, now) ?? { keep: true },
      options,
    )
    return entry?.value as HoldRow | undefined
  }

  #write(row: HoldRow, now: number): RowChange {
    return { set: row, ttl: timeToEnd(row, now) + ROW_AFTERLIFE_MS, pin: true, tag: this.spec.tag }
  }

  #writeLast(row: HoldRow, now: number, lastOutcome: LastOutcome | undefined): RowChange {
    if (!this.spec.isTransient) return this.#write(row, now)
    return lastOutcome === undefined
      ? { delete: true }
      : { set: { ...row, lastOutcome }, ttl: LAST_OUTCOME_MS }
  }
}
