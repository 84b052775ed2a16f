import { EventEmitter } from 'node:events'

/** Who has to take what a handler writes. */
export type Side = 'client' | 'watcher'

type Listening = 'on' | 'prependListener' | 'removeListener' | 'once'

/**
 * The event `drain` of a response that goes to two sides: it comes when both can take more. Middleware before us may keep
 * its own listeners elsewhere, so these are kept here.
 */
export class DrainGate {
  readonly #listeners = new EventEmitter().setMaxListeners(0)
  readonly #busy = new Set<Side>()

  /** Whether both can take more. */
  get isOpen(): boolean {
    return this.#busy.size === 0
  }

  isBusy(side: Side): boolean {
    return this.#busy.has(side)
  }

  /** Notes whether a side can take more, and tells nobody. */
  mark(side: Side, isReady: boolean): void {
    if (isReady) this.#busy.delete(side)
    else this.#busy.add(side)
  }

  /** A side can take more; tells the listeners, if the other can, too. */
  ready(side: Side): void {
    this.#busy.delete(side)
    if (this.isOpen) this.#listeners.emit('drain')
  }

  /** What these methods of the response do for `drain`. */
  listen(method: Listening, listener: () => void): void {
    this.#listeners[method]('drain', listener)
  }
}
