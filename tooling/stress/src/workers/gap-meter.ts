const INTERVAL = 10

/** Measures for how long the event loop does not come round to a timer of 10 ms. */
export class GapMeter {
  readonly #gaps: number[] = []
  readonly #timer: NodeJS.Timeout
  #last = performance.now()

  constructor() {
    this.#timer = setInterval(() => this.#tick(), INTERVAL)
  }

  /** In milliseconds, between one tick and the next. */
  stop(): { largest: number; p99: number } {
    this.#tick()
    clearInterval(this.#timer)
    const sorted = this.#gaps.toSorted((a, b) => a - b)
    const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] as number
    return { largest: at(1), p99: at(0.99) }
  }

  #tick(): void {
    const now = performance.now()
    this.#gaps.push(now - this.#last)
    this.#last = now
  }
}
