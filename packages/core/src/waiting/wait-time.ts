/**
 * How long a wait has taken: by the clock, and at least by its own pauses, as fake timers may make the clock stand still.
 */
export class WaitTime {
  readonly #start = performance.now()
  #pauses = 0

  /** Counts a pause of so many milliseconds. */
  add(pause: number): void {
    this.#pauses += pause
  }

  /** The milliseconds so far. */
  get passed(): number {
    return Math.max(performance.now() - this.#start, this.#pauses)
  }
}
