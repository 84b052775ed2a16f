import { closedError } from '../contract/usage-guard.ts'

/** Whether an object for a namespace can be used, which both its faces share. */
export class NamespaceUse {
  #isOpen = true
  #closer: AbortController | undefined

  /**
   * Lets an operation pass.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CLOSED after {@link close}
   */
  enter(): void {
    if (!this.#isOpen) throw closedError()
  }

  /** Returns a signal that is aborted with the given one, and by {@link close}. */
  untilClosed(signal: AbortSignal | undefined): AbortSignal {
    this.#closer ??= new AbortController()
    return signal === undefined ? this.#closer.signal : AbortSignal.any([signal, this.#closer.signal])
  }

  /** Ends it; a second call does nothing. */
  close(): void {
    this.#isOpen = false
    this.#closer?.abort(closedError())
  }
}
