/** A sum for each name. */
export class Tallies {
  readonly #sums: Map<string, number>

  /** The names given come first, in this order. */
  constructor(names: readonly string[] = []) {
    this.#sums = new Map(names.map((name) => [name, 0]))
  }

  add(name: string, amount: number): void {
    this.#sums.set(name, (this.#sums.get(name) ?? 0) + amount)
  }

  [Symbol.iterator](): IterableIterator<[name: string, sum: number]> {
    return this.#sums.entries()
  }

  /** The largest first; of equal ones, by name. */
  top(limit: number): [name: string, sum: number][] {
    const byName = [...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1))
    return byName.sort(([, a], [, b]) => b - a).slice(0, limit)
  }
}
