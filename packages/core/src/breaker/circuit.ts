/** How long it is waited before the store is asked again whether it is back, in milliseconds: at first, and at most. */
const SHORTEST_REST = 100
const LONGEST_REST = 1_000

/** A store that is in trouble again after less than this, in milliseconds, was not well. */
const RELAPSE_MS = 10_000

/** One of the ways to a store, reading or writing: open while nothing is let through, as in electricity. */
export class Circuit {
  #isOpen = false
  #isConfirmed = false
  #openings = 0
  /** Since when it is as it is, by this process's monotonic clock, in milliseconds. */
  #since = -Infinity
  #rest = SHORTEST_REST
  #trouble: unknown

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** How often it was opened. */
  get openings(): number {
    return this.#openings
  }

  /** Whether the store was asked again since, and did not answer either. */
  get isConfirmed(): boolean {
    return this.#isConfirmed
  }

  /** How long it is waited before the store is asked again, in milliseconds. */
  get rest(): number {
    return this.#rest
  }

  /** Why it is open. */
  get trouble(): unknown {
    return this.#trouble
  }

  open(trouble: unknown): void {
    const isRelapse = performance.now() - this.#since < RELAPSE_MS
    this.#rest = isRelapse ? longer(this.#rest) : SHORTEST_REST
    this.#trouble = trouble
    this.#openings++
    this.#turn(true)
  }

  /** The store was asked again, and did not answer. */
  confirm(trouble: unknown): void {
    this.#isConfirmed = true
    this.#trouble = trouble
    this.#rest = longer(this.#rest)
  }

  close(): void {
    if (!this.#isOpen) return
    this.#trouble = undefined
    this.#turn(false)
  }

  #turn(isOpen: boolean): void {
    this.#isOpen = isOpen
    this.#isConfirmed = false
    this.#since = performance.now()
  }
}

function longer(rest: number): number {
  return Math.min(rest * 2, LONGEST_REST)
}
