import { ITEMS_PER_SLICE } from '@diskcache/core'

/**
 * Splits items into slices, in their order: each weighs as much as one transaction may hold where the event loop must
 * not wait. There is at least one. An item is asked for when its slice is.
 */
export function* itemSlices<T>(
  items: Iterable<T>,
  weightOf: (item: T) => number = () => 1,
): Generator<T[], undefined, undefined> {
  let slice: T[] = []
  let weight = 0
  let isFirst = true
  for (const item of items) {
    slice.push(item)
    weight += weightOf(item)
    if (weight < ITEMS_PER_SLICE) continue
    yield slice
    slice = []
    weight = 0
    isFirst = false
  }
  if (isFirst || slice.length > 0) yield slice
}
