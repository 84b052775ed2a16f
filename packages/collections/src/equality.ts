import { isDeepStrictEqual, types } from 'node:util'

/** A `Map`, an `Index`, or the like. */
export interface Entries<K, V> {
  readonly size: number
  entries(): Iterable<[K, V]>
}

/** Whether the order of entries matters in a comparison, as in Python: not with a `Map`. */
export function isOrdered(entries: Entries<unknown, unknown>): boolean {
  return !types.isMap(entries)
}

/** Tells whether what comes out of a store is what `value` would come out as: a plain copy of it, and bytes as a `Buffer`. */
export function equalTo(value: unknown): (stored: unknown) => boolean {
  const expected = types.isUint8Array(value) ? Buffer.from(value) : structuredClone(value)
  return (stored) => isDeepStrictEqual(stored, expected)
}

/** Whether what comes out of a store has equal items in the same order. */
export function haveEqualItems(stored: Iterable<unknown>, others: Iterable<unknown>): boolean {
  const rest = Iterator.from(others)
  for (const item of stored) if (!isNext(rest, item)) return false
  return rest.next().done === true
}

/** The same, where the stored items come one by one. */
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
