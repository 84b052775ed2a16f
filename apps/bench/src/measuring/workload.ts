/**
 * Coprime to the numbers of keys, so that taking every `STRIDE`th visits them all, and neighbours in the table are not
 * visited one after the other.
 */
const STRIDE = 617_293

const MOST_VALUES = 4_096

/** Bytes that the different values may take in a process. */
const VALUES_IN_MEMORY = 16 * 2 ** 20

const FEWEST_VALUES = 3

const KEYS_APART = 131
const VALUES_APART = 517

/** How much there is of what a store works on; `python_diskcache.py` makes the same. */
export interface Extent {
  readonly keys: number
  /** Of a value. */
  readonly bytes: number
}

export const SMALL: Extent = { keys: 1_000, bytes: 100 }

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

/**
 * The keys and the values that go round. There are so many different values that a key gets another one each time:
 * SQLite does not write a page whose bytes did not change, so that writing the same value again would measure nothing.
 */
export class Workload {
  /** Of a value. */
  readonly bytes: number
  readonly keyNames: readonly string[]
  readonly keys: Rotation<string>
  readonly values: Rotation<string>

  /** `process`: which of several it is. They begin at different places, or one would write what another just wrote. */
  constructor({ keys, bytes }: Extent = SMALL, process = 0) {
    const count = Math.max(FEWEST_VALUES, Math.min(MOST_VALUES, Math.floor(VALUES_IN_MEMORY / bytes)))
    this.bytes = bytes
    this.keyNames = Array.from({ length: keys }, (_, i) => `key:${scattered(i, keys)}`)
    this.keys = new Rotation(this.keyNames)
    this.values = new Rotation(Array.from({ length: count }, (_, i) => `${i}:`.padEnd(bytes, 'x')))
    this.keys.take(process * KEYS_APART)
    this.values.take(process * VALUES_APART)
  }

  entries(count: number): [key: string, value: string][] {
    return this.keys.take(count).map((key) => [key, this.values.next()])
  }
}

/** The `i`th of `count` keys in an order that goes all over them. */
export function scattered(i: number, count: number): number {
  return (i * STRIDE) % count
}
