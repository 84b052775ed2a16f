import type { KeyForm } from '../codec/columns.ts'
import type { ListedEntry, ListPlace, ListQuery } from '../contract/hooks/store-listing.ts'
import { compareKeys } from './key-order.ts'

/** The entries that come first in an order, of all that were found so far: at most as many as a query asks for. */
export class BestEntries {
  readonly #query: ListQuery
  /** The entries, the first in the order first. */
  readonly entries: readonly ListedEntry[]

  constructor(query: ListQuery, entries: readonly ListedEntry[] = []) {
    this.#query = query
    this.entries = entries
  }

  /** Whether there are as many as the query asks for. */
  get isFull(): boolean {
    return this.entries.length >= this.#query.limit
  }

  /** Returns the best of these and of what was found elsewhere. */
  with(found: readonly ListedEntry[]): BestEntries {
    if (found.length === 0) return this
    const { limit, reverse = false } = this.#query
    const sign = reverse ? -1 : 1
    const all = [...this.entries, ...found].sort((a, b) => sign * comparePlaces(a.place, b.place))
    return bestOf(this.#query, all.slice(0, limit))
  }
}

/** Makes them outside the class: bundlers give a class that names itself another name. */
function bestOf(query: ListQuery, entries: readonly ListedEntry[]): BestEntries {
  return new BestEntries(query, entries)
}

/** Returns a number below 0 when the first of two places comes first, above 0 when the second does. */
function comparePlaces(a: ListPlace, b: ListPlace): number {
  const order = compareKeys(keyOf(a), keyOf(b)) || a.part - b.part
  if (order !== 0 || a.row === b.row) return order
  return a.row < b.row ? -1 : 1
}

function keyOf({ by, form }: ListPlace) {
  return { key: by, form: form as KeyForm }
}
