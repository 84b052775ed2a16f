import { randomUUID } from 'node:crypto'
import type { Abortable } from '../contract/async-store.ts'
import type { Change, Key, Tag } from '../contract/entry.ts'
import {
  enter,
  type HoldRow,
  type Legacy,
  leave,
  type Outcome,
  renew,
  timeToEnd,
  timeToLapse,
} from './hold-row.ts'
import { LeaseEnd } from './lease-end.ts'
import type { RecipeStore } from './recipe-store.ts'

/** How long a row outlives its last lease, so that tokens increase also when the clock is set back; milliseconds. */
const DAY = 86_400_000

/** How long a legacy is kept, in milliseconds. */
const LEGACY_TIME = 1_000

/** What all claims on one row have in common. */
export interface Terms {
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

export interface Entered {
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
  readonly terms: Terms
  readonly owner = randomUUID()

  constructor(terms: Terms) {
    this.terms = terms
  }

  async enter(options: Abortable): Promise<Entered | Refused> {
    const end = new LeaseEnd(this.terms.lease)
    let lapsesIn = 0
    const row = await this.#update((row, now) => {
      const entered = enter(row, this.#admission, now)
      lapsesIn = entered === undefined ? timeToLapse(row, now) : 0
      return entered && this.#write(entered, now)
    }, options)
    if (row?.holds.some(({ owner }) => owner === this.owner)) return { token: row.token, end }
    return { row, lapsesIn }
  }

  /** The new end of the lease, or `undefined` when it was lost. */
  async renew(): Promise<LeaseEnd | undefined> {
    const end = new LeaseEnd(this.terms.lease)
    let isOurs = false
    await this.#update((row, now) => {
      const renewed = renew(row, this.#admission, now)
      isOurs = renewed !== undefined
      return renewed && this.#write(renewed, now)
    })
    return isOurs ? end : undefined
  }

  /** Whether it was still ours to leave. */
  async leave(outcome?: Outcome): Promise<boolean> {
    let isOurs = false
    await this.#update((row, now) => {
      const left = leave(row, this.owner)
      isOurs = left !== undefined
      return left && this.#writeLast(left, now, outcome && { owner: this.owner, ...outcome })
    })
    return isOurs
  }

  get #admission() {
    return { owner: this.owner, lease: this.terms.lease, capacity: this.terms.capacity }
  }

  /** The row afterwards. The last run of `change` is the one that counts. */
  async #update(
    change: (row: HoldRow | undefined, now: number) => RowChange | undefined,
    options?: Abortable,
  ): Promise<HoldRow | undefined> {
    const { store, rowKey } = this.terms
    const entry = await store.update(
      rowKey,
      (entry, now) => change(entry?.value as HoldRow | undefined, now) ?? { keep: true },
      options,
    )
    return entry?.value as HoldRow | undefined
  }

  #write(row: HoldRow, now: number): RowChange {
    return { set: row, ttl: timeToEnd(row, now) + DAY, pin: true, tag: this.terms.tag }
  }

  #writeLast(row: HoldRow, now: number, legacy: Legacy | undefined): RowChange {
    if (!this.terms.isTransient) return this.#write(row, now)
    return legacy === undefined ? { delete: true } : { set: { ...row, legacy }, ttl: LEGACY_TIME }
  }
}
