import { LRUCache } from 'lru-cache'
import type { VariantEntry } from './rows.ts'

/** For how many URLs is kept what was found. */
const MAX_FINDS = 2_000

/** The place of a variant among those of its URL. */
export interface Place {
  /** By what the demand for it is counted. */
  readonly demand: string
  /** Whether others may want it. */
  readonly isContested: boolean
}

/** A variant that a search has found. */
export interface PlacedVariant {
  readonly entry: VariantEntry
  readonly place: Place
}

/** What searches for one URL have found since the store changed last. */
export interface Finds {
  /** By the store, before the first of the searches. */
  readonly changeCount: number
  readonly names: readonly string[]
  readonly variants: Map<string, PlacedVariant>
}

/** Where searches found responses: while nothing in the store has changed, that need not be read again. */
export class RecentFinds {
  readonly #finds = new LRUCache<string, Finds>({ max: MAX_FINDS })

  /** Keeps what was found for the request `id`, by a search that began when the store had this count of changes. */
  add(id: string, changeCount: number, names: readonly string[], found: PlacedVariant): void {
    const known = this.#finds.get(id)
    if (known?.changeCount === changeCount) known.variants.set(found.entry.selection, found)
    else this.#finds.set(id, { changeCount, names, variants: new Map([[found.entry.selection, found]]) })
  }

  /** Returns what was found for the request `id`, and the count of changes for which it holds. */
  get(id: string): Finds | undefined {
    return this.#finds.get(id)
  }
}
