import { LRUCache } from 'lru-cache'

/** Of more variants than this, those are forgotten that were asked for least lately. */
const MAX_COUNTED = 10_000

/** The length of a period in milliseconds. */
const PERIOD_MS = 5_000

/** How much less each period counts than the next one: half as much after two minutes. */
const FADING = 2 ** (-1 / 24)

interface Count {
  readonly period: number
  readonly demand: number
}

/** Returns the number of the period at this time, in epoch milliseconds. */
export function periodOf(now: number): number {
  return Math.floor(now / PERIOD_MS)
}

/** Returns what is left of a demand. */
export function faded(demand: number, { from, to }: { readonly from: number; readonly to: number }): number {
  // A clock may step back.
  return demand * FADING ** Math.max(0, to - from)
}

/**
 * How much is asked for in this process: the number of periods in which it was, of which earlier ones count less. How often
 * within a period does not matter, so no flood is wanted more than what is asked for all the time.
 */
export class Demand {
  readonly #counts = new LRUCache<string, Count>({ max: MAX_COUNTED })
  readonly #now: () => number

  /** `now` is in epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Counts that something was asked for, and returns whether it is the first time in this period. */
  add(key: string): boolean {
    const period = periodOf(this.#now())
    const count = this.#counts.get(key)
    if (count?.period === period) return false
    this.#counts.set(key, { period, demand: 1 + left(count, period) })
    return true
  }

  /** Returns the demand, that of this period included. */
  of(key: string): number {
    return left(this.#counts.peek(key), periodOf(this.#now()))
  }

  /** Returns the demand of the periods before this one. */
  before(key: string): number {
    const [period, count] = [periodOf(this.#now()), this.#counts.peek(key)]
    return left(count, period) - (count?.period === period ? 1 : 0)
  }
}

function left(count: Count | undefined, period: number): number {
  return count === undefined ? 0 : faded(count.demand, { from: count.period, to: period })
}

/** Returns by what the demand for a variant of the target with this id is counted. */
export function demandKey(id: string, selection: string): string {
  return `${id}/${selection}`
}
