/** The interval between two looks, and how long the event loop stands still in a stall; milliseconds. */
const [TICK, STALL] = [5, 150]

/** Knows when the event loop of this process stood still. */
export class Stalls implements Disposable {
  readonly #stalls: { from: number; to: number }[] = []
  readonly #timer = setInterval(() => this.#tick(), TICK)
  #last = Date.now()

  /** Whether the loop stood still at that time, in epoch milliseconds. */
  had(time: number): boolean {
    return this.#stalls.some(({ from, to }) => from <= time && time <= to)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const now = Date.now()
    if (now - this.#last >= STALL) this.#stalls.push({ from: this.#last, to: now })
    this.#last = now
  }
}
