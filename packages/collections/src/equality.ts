import { isDeepStrictEqual, types } from 'node:util'

/** Entries to compare with: a `Map`, an `Index`, or the like. */
export interface Entries<K, V> {
  /** The number of entries. */
  readonly size: number
  /** Iterates over the entries, in their order. */
  entries(): Iterable<[K, V]>
}

/** Returns whether the order of entries matters in a comparison, as in Python: not with a `Map`. */
export function isOrdered(entries: Entries<unknown, unknown>): boolean {
  return !types.isMap(entries)
}

/**
 * Returns a function that tells whether a stored value is what `value` would be when it came out of a store: an equal
 * one of its class, or a plain copy, and bytes as a `Buffer`.
 */
export function equalTo(value: unknown): (stored: unknown) => boolean {
  const expected = types.isUint8Array(value) ? Buffer.from(value) : plainCopy(value)
  return (stored) => isDeepStrictEqual(stored, value) || isDeepStrictEqual(stored, expected)
}

/** Returns what `structuredClone` gives, or the value itself, which a class may keep although that cannot clone it. */
function plainCopy(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch {
    return value
  }
}

/** Returns whether stored items equal others, in the same order. */
export function haveEqualItems(stored: Iterable<unknown>, others: Iterable<unknown>): boolean {
  const rest = Iterator.from(others)
  for (const item of stored) if (!isNext(rest, item)) return false
  return rest.next().done === true
}

/** Resolves to whether stored items, which come one by one, equal others, in the same order. */
export async function haveEqualItemsAsync(
  stored: AsyncIterable<unknown>,
  others: Iterable<unknown>,
): Promise<boolean> {
  const rest = Iterator.from(others)
  for await (const item of stored) if (!isNext(rest, item)) return false
  return rest.next().done === true
}

function isNext(items: Iterator<unknown>, stored: unknown): boolean {
  const { done, value } = items.next()
  return !done && equalTo(value)(stored)
}
