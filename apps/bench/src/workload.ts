/** What every contender works on. `peers/python_diskcache.py` does the same. */
export const KEYS = 1_000

/**
 * Coprime to the number of keys, so that taking every `STRIDE`th visits them all, and neighbours in the table are not
 * visited one after the other.
 */
const STRIDE = 617

/**
 * So many different values go round. SQLite does not write a page whose bytes did not change: overwriting a value with
 * itself would measure nothing.
 */
const VALUES = 4_096

const VALUE_BYTES = 100

/** Hands out the same items over and over. */
export class Rotation<T> {
  readonly #items: readonly T[]
  #at = 0

  constructor(items: readonly T[]) {
    this.#items = items
  }

  next(): T {
    const item = this.#items[this.#at]!
    this.#at = (this.#at + 1) % this.#items.length
    return item
  }

  take(count: number): T[] {
    return Array.from({ length: count }, () => this.next())
  }
}

export function keyRotation(): Rotation<string> {
  return new Rotation(Array.from({ length: KEYS }, (_, i) => `key:${(i * STRIDE) % KEYS}`))
}

/** Its length does not divide the number of keys, so a key gets another value each time. */
export function valueRotation(): Rotation<string> {
  return new Rotation(Array.from({ length: VALUES }, (_, i) => `${i}:`.padEnd(VALUE_BYTES, 'x')))
}

/** A different list of entries each time, each with all keys. */
export function entriesRotation(): Rotation<[string, string][]> {
  const keys = keyRotation()
  const values = valueRotation()
  const lists = Math.floor(VALUES / KEYS)
  return new Rotation(
    Array.from({ length: lists }, () =>
      Array.from({ length: KEYS }, (): [string, string] => [keys.next(), values.next()]),
    ),
  )
}
