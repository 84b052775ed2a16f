import type { KeyForm } from '../codec/columns.ts'
import type { ListedEntry, ListPlace, ListQuery, ListStep } from '../contract/hooks/store-listing.ts'
import { compareKeys } from './key-order.ts'

/** The number of entries that are at least sorted in one go. */
const LEAST_SORTED = 1_000

/** The entries that come first in an order, of all that were found so far: at most as many as a query asks for. */
export class BestEntries {
  readonly #limit: number
  readonly #sign: 1 | -1
  /** The first of those that were sorted, and then those that came since. */
  #entries: ListedEntry[] = []
  #sorted = 0

  /** Takes the limit and the direction of the order from a query. */
  constructor({ limit, reverse = false }: ListQuery) {
    this.#limit = limit
    this.#sign = reverse ? -1 : 1
  }

  /** The entries, the first in the order first. They are sorted when they are asked for. */
  get entries(): readonly ListedEntry[] {
    this.#sort()
    return this.#entries
  }

  /** Whether there are as many as the query asks for. */
  get isFull(): boolean {
    return this.#entries.length >= this.#limit
  }

  /** Takes in what was found elsewhere. */
  add(found: readonly ListedEntry[]): void {
    for (const entry of found) this.#entries.push(entry)
    const pending = this.#entries.length - this.#sorted
    if (pending > Math.max(this.#limit, LEAST_SORTED)) this.#sort()
  }

  #sort(): void {
    if (this.#sorted === this.#entries.length) return
    const all = [...this.#entries].sort((a, b) => this.#sign * comparePlaces(a.place, b.place))
    this.#entries = all.slice(0, this.#limit)
    this.#sorted = this.#entries.length
  }
}

/** Returns a step of a listing that was not done, or of one that is; its entries are sorted when they are asked for. */
export function stepOf(best: BestEntries, counts: Omit<ListStep, 'entries'>): ListStep {
  return {
    ...counts,
    get entries() {
      return best.entries
    },
  }
}

/** Returns a number below 0 when the first of two places comes first, above 0 when the second does. */
export function comparePlaces(a: ListPlace, b: ListPlace): number {
  const order = compareKeys(keyOf(a), keyOf(b)) || a.part - b.part
  if (order !== 0 || a.row === b.row) return order
  return a.row < b.row ? -1 : 1
}

function keyOf({ by, form }: ListPlace) {
  return { key: by, form: form as KeyForm }
}
