/** The fingerprints among which one is looked for. */
const WAYS = 8

/** The sizes of what is remembered, in fingerprints. */
const LEAST = 32
const MOST = 2 ** 20

/** By how much what is wanted may be less than the size, or more, before the size changes. */
const TOO_LITTLE = 0.8
const TOO_MUCH = 2.5

/**
 * Remembers fingerprints of keys, 32 bits each and never 0, about so many of them as were added last. A fingerprint has
 * its place in a set of eight, out of which the oldest falls when another is added.
 */
export class Ghosts {
  /** The sets, one after the other, in each of them the newest first; 0 for none. */
  #sets = new Uint32Array(LEAST)

  /** The number of fingerprints that are remembered at most. */
  get capacity(): number {
    return this.#sets.length
  }

  /** Remembers a fingerprint. */
  add(fingerprint: number): void {
    const start = this.#startOf(fingerprint)
    this.#sets.copyWithin(start + 1, start, start + WAYS - 1)
    this.#sets[start] = fingerprint
  }

  /** Forgets a fingerprint, and returns whether it was remembered. */
  take(fingerprint: number): boolean {
    const start = this.#startOf(fingerprint)
    const place = this.#sets.subarray(start, start + WAYS).indexOf(fingerprint)
    if (place < 0) return false
    this.#sets.copyWithin(start + place, start + place + 1, start + WAYS)
    this.#sets[start + WAYS - 1] = 0
    return true
  }

  /** Changes the capacity to at most `wanted`, and more than half of that: a power of two from 32 to a million. */
  resize(wanted: number): void {
    const { capacity } = this
    const size = 2 ** Math.floor(Math.log2(Math.min(Math.max(wanted, LEAST), MOST)))
    const isNear = wanted >= capacity * TOO_LITTLE && wanted < capacity * TOO_MUCH
    if (size === capacity || isNear) return
    const before = this.#sets
    this.#sets = new Uint32Array(size)
    // The oldest of all sets go first.
    for (let way = WAYS - 1; way >= 0; way--) {
      for (let i = way; i < before.length; i += WAYS) if (before[i] !== 0) this.add(before[i] as number)
    }
  }

  /** Forgets all. */
  clear(): void {
    this.#sets.fill(0)
  }

  #startOf(fingerprint: number): number {
    return (fingerprint % (this.#sets.length / WAYS)) * WAYS
  }
}
