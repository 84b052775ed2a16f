/** The longest delay of a timer, in milliseconds. */
const MAX_DELAY_MS = 2 ** 31 - 1

/**
 * The time in which a computation keeps others from the same. Its signal fires when the time is up, or when nobody
 * waits any more, and never after the computation has come to its end: the value may still depend on it.
 */
export class ComputationTerm implements Disposable {
  readonly #controller = new AbortController()
  readonly #callers: AbortSignal
  readonly #timer: NodeJS.Timeout

  /** Starts the time. `reason` makes the reason of the signal when the time is up. */
  constructor(timeout: number, callers: AbortSignal, reason: () => unknown) {
    this.#callers = callers
    if (callers.aborted) this.#follow()
    else callers.addEventListener('abort', this.#follow)
    const delay = Math.min(timeout, MAX_DELAY_MS)
    this.#timer = setTimeout(() => this.#controller.abort(reason()), delay).unref()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Whether the time is up although somebody waits. */
  get isUp(): boolean {
    return this.signal.aborted && !this.#callers.aborted
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#callers.removeEventListener('abort', this.#follow)
  }

  readonly #follow = (): void => this.#controller.abort(this.#callers.reason)
}
