import { ok } from 'node:assert'
import { type AnyStore, type Hold, setIfNewer } from '@diskcache/recipes'
import { type Moment, note } from './hold-history.ts'

export interface RecordPlan {
  readonly store: AnyStore
  /** Of the fenced value. */
  readonly key: string
  /** The file. */
  readonly history: string
  /** Of this hold, and nobody else's. */
  readonly id: string
  /** When it was asked for: its lease began later. */
  readonly asked: bigint
}

/** Notes what happens to a hold. */
export class RecordedHold {
  readonly #hold: Hold
  readonly #plan: RecordPlan

  constructor(hold: Hold, plan: RecordPlan) {
    this.#hold = hold
    this.#plan = plan
  }

  /** Throws when the hold is lost. The time is taken first: the process may be stopped between any two steps. */
  check(kind: 'held' | 'left' = 'held'): void {
    const end = process.hrtime.bigint()
    this.#hold.check()
    this.#note(kind, this.#plan.asked, end)
  }

  lose(): void {
    ok(this.#hold.lost.aborted, 'check() throws, but lost has not fired')
    this.#note('lost', this.#plan.asked, process.hrtime.bigint())
  }

  /** Whether or not it is lost. */
  async write(): Promise<void> {
    const { store, key, id } = this.#plan
    const begin = process.hrtime.bigint()
    this.#note('trying', begin, begin)
    const isStored = await setIfNewer(store, key, id, this.#hold.token)
    this.#note(isStored ? 'stored' : 'refused', begin, process.hrtime.bigint())
  }

  #note(kind: Moment['kind'], begin: bigint, end: bigint): void {
    const { history, id } = this.#plan
    note(history, { kind, id, token: this.#hold.token, begin, end })
  }
}
