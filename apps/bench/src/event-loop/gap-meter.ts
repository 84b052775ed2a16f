const INTERVAL = 10

/** Measures for how long the event loop does not come round to a timer of 10 ms. */
export class GapMeter {
  readonly #timer: NodeJS.Timeout
  #last = performance.now()
  #largest = 0

  constructor() {
    this.#timer = setInterval(() => this.#tick(), INTERVAL)
  }

  /** The largest gap between two ticks, in milliseconds. */
  stop(): number {
    this.#tick()
    clearInterval(this.#timer)
    return this.#largest
  }

  #tick(): void {
    const now = performance.now()
    this.#largest = Math.max(this.#largest, now - this.#last)
    this.#last = now
  }
}
