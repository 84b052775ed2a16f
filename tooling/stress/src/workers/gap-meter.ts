const INTERVAL = 10

/** Measures for how long the event loop does not come round to a timer of 10 ms. */
export class GapMeter {
  readonly #gaps: number[] = []
  readonly #ownGaps: number[] = []
  readonly #timer: NodeJS.Timeout
  #last = performance.now()
  #lastOwn = ownTime()

  constructor() {
    this.#timer = setInterval(() => this.#tick(), INTERVAL)
  }

  /**
   * In milliseconds, between one tick and the next; `own` is the most that this thread computed meanwhile, and not the
   * machine for others.
   */
  stop(): { largest: number; p99: number; own: number } {
    this.#tick()
    clearInterval(this.#timer)
    const sorted = this.#gaps.toSorted((a, b) => a - b)
    const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] as number
    return { largest: at(1), p99: at(0.99), own: Math.max(...this.#ownGaps) }
  }

  #tick(): void {
    const now = performance.now()
    this.#gaps.push(now - this.#last)
    this.#last = now
    const own = ownTime()
    this.#ownGaps.push(own - this.#lastOwn)
    this.#lastOwn = own
  }
}

/** The time for which this thread has computed so far, in milliseconds. */
function ownTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1e3
}
