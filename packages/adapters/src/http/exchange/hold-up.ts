import type { Watcher } from './watcher.ts'

/** How long a client may take nothing before others no longer wait for what it gets, in milliseconds. */
const LIMIT_MS = 1_000

/** The time in which a client takes nothing of an answer, though there is more. */
export class HoldUp {
  readonly #watcher: Watcher
  #timer: NodeJS.Timeout | undefined

  constructor(watcher: Watcher) {
    this.#watcher = watcher
  }

  /** The client takes no more for now. */
  begin(): void {
    this.#timer ??= setTimeout(() => this.#watcher.heldUp(), LIMIT_MS).unref()
  }

  /** The client takes more, or has gone. */
  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
