/** Items that wait under signals. Many of them may wait under one signal, which has a single listener all the same. */
export class AbortListeners<Item> {
  readonly #items = new Map<AbortSignal, Set<Item>>()
  readonly #abort: (item: Item, reason: unknown) => void

  /** Takes the function that is called for each item of a signal that is aborted. */
  constructor(abort: (item: Item, reason: unknown) => void) {
    this.#abort = abort
  }

  add(signal: AbortSignal, item: Item): void {
    const items = this.#items.get(signal)
    if (items !== undefined) items.add(item)
    else {
      this.#items.set(signal, new Set([item]))
      signal.addEventListener('abort', this.#listener)
    }
  }

  remove(signal: AbortSignal, item: Item): void {
    const items = this.#items.get(signal)
    items?.delete(item)
    if (items?.size !== 0) return
    this.#items.delete(signal)
    signal.removeEventListener('abort', this.#listener)
  }

  readonly #listener = ({ target }: Event): void => {
    const signal = target as AbortSignal
    for (const item of [...(this.#items.get(signal) ?? [])]) this.#abort(item, signal.reason)
  }
}
