/** Counts how often the event loop comes round to a timer of 10 ms. */
export class Ticker implements Disposable {
  readonly #timer: NodeJS.Timeout
  ticks = 0

  constructor() {
    this.#timer = setInterval(() => this.ticks++, 10)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}
