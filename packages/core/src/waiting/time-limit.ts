import type { WaitOptions } from './wait-options.ts'

/** The reason for waits that nobody needs any more; one for all, since making an error costs more than most waits. */
const ENDED = new Error('The wait has ended')

/**
 * Joins everything that can end a wait in one signal: the caller's signal, the time, and the end of the scope. The
 * timer keeps the process alive, because somebody waits.
 */
export class TimeLimit implements Disposable {
  readonly #controller = new AbortController()
  readonly #caller: AbortSignal | undefined
  readonly #timer: NodeJS.Timeout | undefined

  /** Starts the time. `reason` makes the reason of the signal when the time is up. */
  constructor({ timeout = Infinity, signal }: WaitOptions, reason: () => unknown) {
    this.#caller = signal
    if (signal?.aborted) this.#follow()
    else signal?.addEventListener('abort', this.#follow)
    if (timeout !== Infinity) this.#timer = setTimeout(() => this.#controller.abort(reason()), timeout)
  }

  /** The signal to wait under. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Ends every wait that is still going on under the signal. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#caller?.removeEventListener('abort', this.#follow)
    this.#controller.abort(ENDED)
  }

  readonly #follow = (): void => this.#controller.abort(this.#caller?.reason)
}
