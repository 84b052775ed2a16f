/** So many times as long as an answer took it is taken for true. */
const TIMES = 50

/** What takes no longer is asked each time, in milliseconds. */
const QUICK_MS = 5

/** An answer that is asked for so rarely that asking takes no more than a fiftieth of the time, unless it is quick. */
export class RareAnswer<T> {
  readonly #ask: () => Promise<T>
  #answer: Promise<T> | undefined
  #until = 0

  constructor(ask: () => Promise<T>) {
    this.#ask = ask
  }

  /** Resolves to the last answer, or asks anew; those who come meanwhile get the same. */
  get(): Promise<T> {
    if (this.#answer === undefined || performance.now() >= this.#until) this.#answer = this.#askNow()
    return this.#answer
  }

  async #askNow(): Promise<T> {
    const start = performance.now()
    this.#until = Infinity
    try {
      const answer = await this.#ask()
      const end = performance.now()
      this.#until = end - start > QUICK_MS ? end + TIMES * (end - start) : end
      return answer
    } catch (error) {
      this.#until = 0
      throw error
    }
  }
}
