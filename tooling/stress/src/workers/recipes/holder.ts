import { setTimeout as delay } from 'node:timers/promises'
import type { AnyStore, Hold } from '@diskcache/recipes'
import type { Random } from '../../../../../packages/cache/tests/processes/random.ts'
import { codeOf } from './error-code.ts'
import { RecordedHold } from './recorded-hold.ts'
import type { Way } from './ways-to-hold.ts'

export interface HolderPlan {
  readonly store: AnyStore
  /** Of the fenced value. */
  readonly key: string
  /** The file. */
  readonly history: string
  /** Of this holder, and nobody else's. */
  readonly id: string
  readonly ways: readonly Way[]
  /** Milliseconds. */
  readonly lease: number
}

const LOST = 'ERR_DISKCACHE_LOCK_LOST'
/** Who only tries does not wait for a database that a stopped process keeps locked. */
const BUSY = ['ERR_DISKCACHE_TIMEOUT', 'ERR_DISKCACHE_UNAVAILABLE']
const MEANT: readonly unknown[] = [LOST, 'ERR_DISKCACHE_LOCK_TIMEOUT', ...BUSY]

/** Holds something again and again, now in one way and now in another, and notes it. */
export class Holder {
  readonly #plan: HolderPlan
  readonly #random: Random
  #count = 0

  constructor(plan: HolderPlan, random: Random) {
    this.#plan = plan
    this.#random = random
  }

  async holdForEver(): Promise<never> {
    for (;;) {
      await this.#holdOnce()
      await delay(this.#random.below(5))
    }
  }

  async #holdOnce(): Promise<void> {
    const asked = process.hrtime.bigint()
    const id = `${this.#plan.id}.${++this.#count}`
    const body = (hold: Hold) => this.#use(new RecordedHold(hold, { ...this.#plan, id, asked }))
    try {
      await this.#random.pick(this.#plan.ways)(body)
    } catch (error) {
      if (!isMeant(error)) throw error
    }
  }

  async #use(record: RecordedHold): Promise<void> {
    try {
      await this.#checkForAWhile(record)
      if (this.#random.chance(0.5)) await record.write()
      record.check('left')
    } catch (error) {
      if (codeOf(error) !== LOST) throw error
      record.lose()
      // As a holder would that does not look whether it is lost.
      await record.write()
      throw error
    }
  }

  /** Mostly for a moment, sometimes for so long that the lease must be renewed. */
  async #checkForAWhile(record: RecordedHold): Promise<void> {
    const { lease } = this.#plan
    const isLong = this.#random.chance(0.02)
    const end = performance.now() + (isLong ? 1.5 * lease : this.#random.below(10))
    do {
      record.check()
      await delay(isLong ? lease / 50 : 1)
    } while (performance.now() < end)
  }
}

/** To be late, or lost, is part of the plan. `await using` puts the error of a release over that of its block. */
function isMeant(error: unknown): boolean {
  if (error instanceof SuppressedError) return isMeant(error.error) && isMeant(error.suppressed)
  const isTimeUp = error instanceof DOMException && error.name === 'TimeoutError'
  return isTimeUp || MEANT.includes(codeOf(error))
}
