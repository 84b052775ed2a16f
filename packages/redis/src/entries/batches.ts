/** Consecutive items, in batches whose sizes add up to the limit at most; one that is larger is a batch of its own. */
export function* batchesOf<T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  limit: number,
): Generator<readonly T[]> {
  let from = 0
  let size = 0
  for (const [i, item] of items.entries()) {
    const more = sizeOf(item)
    if (i > from && size + more > limit) {
      yield items.slice(from, i)
      from = i
      size = 0
    }
    size += more
  }
  if (from < items.length) yield items.slice(from)
}
