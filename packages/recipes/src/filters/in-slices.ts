import { ITEMS_PER_SLICE } from '@diskcache/core'

/** Does something with each of many items, a thousand at a time. */
export async function inSlices<T>(items: readonly T[], action: (item: T) => Promise<unknown>): Promise<void> {
  for (let first = 0; first < items.length; first += ITEMS_PER_SLICE)
    await Promise.all(items.slice(first, first + ITEMS_PER_SLICE).map(action))
}
