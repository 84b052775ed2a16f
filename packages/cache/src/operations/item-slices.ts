import { ITEMS_PER_SLICE } from '@diskcache/core'

/** Items that are not asked for before they are needed, except as many as tell whether they fit into one slice. */
export class ItemsAhead<T> implements Iterable<T> {
  readonly #items: Iterable<T>
  /** Whether there are more items than one slice holds, once the first is given. */
  isMany = false

  constructor(items: Iterable<T>) {
    this.#items = items
  }

  *[Symbol.iterator](): Generator<T, undefined, undefined> {
    const first: T[] = []
    for (const item of this.#items) {
      if (this.isMany) yield item
      else if (first.push(item) > ITEMS_PER_SLICE) {
        this.isMany = true
        yield* first
      }
    }
    if (!this.isMany) yield* first
  }
}

/**
 * Splits items into slices, in their order: each weighs as much as one transaction may hold where the event loop must
 * not wait, or less where `isOver` says so. There is at least one. An item is asked for when its slice is.
 */
export function* itemSlices<T>(
  items: Iterable<T>,
  weightOf: (item: T) => number = () => 1,
  isOver: () => boolean = () => false,
): Generator<T[], undefined, undefined> {
  let slice: T[] = []
  let weight = 0
  let isFirst = true
  for (const item of items) {
    slice.push(item)
    weight += weightOf(item)
    if (weight < ITEMS_PER_SLICE && !isOver()) continue
    yield slice
    slice = []
    weight = 0
    isFirst = false
  }
  if (isFirst || slice.length > 0) yield slice
}
