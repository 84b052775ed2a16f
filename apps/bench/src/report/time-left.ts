import type { Part } from './part.ts'

/** How far all parts together are, and how long they will still take. */
export class TimeLeft {
  readonly #total: number
  readonly #start = performance.now()
  #finished = 0
  #current = 0
  #share = 0

  /** Parts count by how long they take in full. */
  constructor(parts: readonly Part[]) {
    this.#total = parts.reduce((sum, { minutes }) => sum + minutes, 0)
  }

  begin(part: Part): void {
    this.#finished += this.#current
    this.#current = part.minutes
    this.#share = 0
  }

  /** A share of the part that began last, from 0 to 1. */
  advance(share: number): void {
    this.#share = share
  }

  /** From 0 to 1. */
  get share(): number {
    return (this.#finished + this.#current * this.#share) / this.#total
  }

  /** In minutes, as if the rest went on as what is done; `undefined` before that can be told. */
  get minutes(): number | undefined {
    const { share } = this
    return share < 0.02 ? undefined : ((performance.now() - this.#start) * (1 - share)) / share / 60_000
  }
}
