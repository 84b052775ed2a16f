import { hasCode, type Key, nameOf, type RecipeStore, tellFailure } from '@diskcache/core'

type OnError = ((error: unknown) => void) | undefined

/** Tells of failures that no caller sees: on the channel, and to the function that the caller gave. */
export class FailureReport {
  readonly #store: RecipeStore
  readonly #key: Key
  readonly #onError: OnError

  constructor(store: RecipeStore, key: Key, onError: OnError) {
    this.#store = store
    this.#key = key
    this.#onError = onError
  }

  tell(error: unknown): void {
    this.#publish(error)
    const onError = this.#onError
    if (onError === undefined) return
    const told = (async () => await onError(error))()
    told.catch((second) => this.#publish(second))
  }

  /** Tells of a failure of the store, unless nobody wants the value any more, the store is closed, or was misused. */
  tellUnlessFatal(error: unknown, signal: AbortSignal | undefined): void {
    if (signal?.aborted || isMisuse(error) || hasCode(error, 'ERR_DISKCACHE_CLOSED')) throw error
    this.tell(error)
  }

  #publish(error: unknown): void {
    tellFailure({ store: nameOf(this.#store), key: this.#key }, error)
  }
}

/** Returns whether an error says that the caller has made a mistake. */
export function isMisuse(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError
}
