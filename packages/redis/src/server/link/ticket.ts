import type { CommandSignal } from '../redis-client.ts'

/**
 * One command's way through node-redis, which takes it for an `AbortSignal`: it listens to it until the command is
 * written to the socket. So a command that is not written can be taken back, and of one that failed it is known whether
 * the server may have it. A signal of Node's would be a good part of what a command costs.
 */
export class Ticket implements CommandSignal {
  /** The one before it, of the same operation. */
  previous: Ticket | undefined
  readonly #unwritten: Set<Ticket>
  #takeBack: (() => void) | undefined
  #isWritten = false
  #isTakenBack = false

  /** Stands in `unwritten` until it is written or taken back. */
  constructor(unwritten: Set<Ticket>) {
    this.#unwritten = unwritten
    unwritten.add(this)
  }

  get aborted(): boolean {
    return this.#isTakenBack
  }

  /** Whether the server may have it. */
  get isWritten(): boolean {
    return this.#isWritten
  }

  /** Does nothing once it is written. */
  takeBack(): void {
    if (this.#isWritten) return
    this.#isTakenBack = true
    this.#unwritten.delete(this)
    this.#takeBack?.()
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#takeBack = listener
  }

  removeEventListener(): void {
    this.#takeBack = undefined
    if (this.#isTakenBack) return
    this.#isWritten = true
    this.#unwritten.delete(this)
  }
}
