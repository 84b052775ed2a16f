import type { ServerResponse } from 'node:http'
import type { Http2Stream } from 'node:http2'
import { isBrokenOff, watchClosing } from './closed-here.ts'

/** The client is here; it has gone, and the handler does not know; or the handler knows. */
export type Presence = 'here' | 'hidden' | 'gone'

/** How long a handler may pause when its client has gone, before it is taken to have given up; milliseconds. */
const MAX_SILENCE_MS = 1_000

interface Listeners {
  /** Emits `close` to the handler. */
  readonly close: () => void
  /** Told when the handler falls silent while the departure is hidden. */
  readonly silence: () => void
}

/** That the client of a response goes, and when its handler learns of it. */
export class Departure {
  readonly #res: ServerResponse
  readonly #listeners: Listeners
  /** Of a stream of HTTP/2. */
  readonly #isStreamBrokenOff: (() => boolean) | undefined
  #presence: Presence = 'here'
  #silence: NodeJS.Timeout | undefined

  constructor(res: ServerResponse, listeners: Listeners) {
    this.#res = res
    this.#listeners = listeners
    const { stream } = res as { stream?: Http2Stream }
    this.#isStreamBrokenOff = stream && watchClosing(stream)
  }

  get presence(): Presence {
    return this.#presence
  }

  /**
   * Whether the connection, or its stream of HTTP/2, was broken off on this side, so that the answer is not complete whatever
   * its handler says.
   */
  get isBrokenOffHere(): boolean {
    return this.#isStreamBrokenOff?.() ?? isBrokenOff(this.#res.req.socket)
  }

  /** The handler goes on as if the client were there. It may be silent for so long at first, in milliseconds. */
  hide(patience = MAX_SILENCE_MS): void {
    this.#presence = 'hidden'
    this.#res.destroyed = false
    // `pipeline` refuses to begin otherwise.
    Object.defineProperty(this.#res, 'closed', { value: false, configurable: true })
    this.#await(patience)
  }

  /** The handler is not silent. */
  heard(): void {
    if (this.#presence === 'hidden') this.#await(MAX_SILENCE_MS)
  }

  /** Node is to see the response as it is, though the handler is told later. */
  admit(): void {
    if (this.#presence !== 'hidden') return
    this.#res.destroyed = true
    Reflect.deleteProperty(this.#res, 'closed')
  }

  /** The handler knows, or learns of it now. */
  reveal(): void {
    const wasHidden = this.#presence === 'hidden'
    this.admit()
    clearTimeout(this.#silence)
    this.#presence = 'gone'
    if (wasHidden) this.#listeners.close()
  }

  #await(limit: number): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(this.#listeners.silence, limit).unref()
  }
}
