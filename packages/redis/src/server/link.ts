import { errorMonitor } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { RESP_TYPES } from 'redis'
import type { Command } from './connection.ts'
import type { Deadline } from './deadline.ts'
import { connectError, LostAnswer, lateTime } from './engine-error.ts'
import type { ServerClient } from './redis-client.ts'
import { ServerClock } from './server-clock.ts'
import { Ticket } from './ticket.ts'

const AS_BUFFERS = { [RESP_TYPES.BLOB_STRING]: Buffer }

const links = new WeakMap<ServerClient, Link>()

/**
 * What goes over one client of node-redis. Nothing is handed to it before its connection is in working order, with the
 * user and the database that were asked for: it would keep what it cannot send, and send it whenever it can, at once
 * with its password. What is not written when the connection breaks is taken back, and handed over again.
 */
export class Link {
  /** The clock of the server at the other end. */
  readonly clock = new ServerClock()
  readonly #client: ServerClient
  readonly #unwritten = new Set<Ticket>()
  #isUp: boolean
  /** How often the connection broke. */
  #breaks = 0
  #opened: PromiseWithResolvers<void> | undefined
  /** Why the last attempt to connect failed. */
  #trouble: unknown

  /** All stores over one client share its link. */
  static of(client: ServerClient): Link {
    const known = links.get(client)
    if (known !== undefined) return known
    const link = new Link(client)
    links.set(client, link)
    return link
  }

  private constructor(client: ServerClient) {
    this.#client = client
    this.#isUp = client.isReady
    // As one who only watches: what becomes of errors is the caller's affair.
    client.on(errorMonitor, this.#onError)
    client.on('ready', this.#onReady)
    client.on('end', this.#onError)
  }

  /**
   * Sends a command. Rejects with `LostAnswer` when the connection broke after it was written, and at once, with the
   * cause, when the last attempt to connect has failed.
   */
  send(command: Command, deadline: Deadline): Promise<unknown> {
    return this.#client.isReady ? this.#sendNow(command, deadline) : this.#sendLater(command, deadline)
  }

  async #sendLater(command: Command, deadline: Deadline): Promise<unknown> {
    await this.#open(deadline)
    return this.#sendNow(command, deadline)
  }

  #sendNow(command: Command, deadline: Deadline): Promise<unknown> {
    const ticket = new Ticket(this.#unwritten)
    deadline.carry(ticket)
    const breaks = this.#breaks
    const options = { typeMapping: AS_BUFFERS, timeout: undefined, abortSignal: ticket }
    return this.#client.sendCommand(command.wordsFor(this.clock), options).then(
      (reply) => {
        if (command.timeAt !== undefined) this.clock.note(Number((reply as unknown[])[command.timeAt]))
        return reply
      },
      (error) => {
        const late = lateTime(error)
        if (late !== undefined) this.clock.note(late)
        if (breaks === this.#breaks || deadline.isOver) throw error
        if (ticket.isWritten || !ticket.aborted) throw new LostAnswer(error)
        return this.send(command, deadline)
      },
    )
  }

  /** Waits for the attempt to connect that is under way. */
  async #open(deadline: Deadline): Promise<void> {
    if (this.#trouble !== undefined) {
      // Who tries again and again must not keep the process from hearing of a connection.
      await turn()
      if (this.#trouble !== undefined) throw connectError(this.#trouble)
    }
    // It says so itself.
    if (!this.#client.isOpen) return
    if (this.#opened === undefined) {
      this.#opened = Promise.withResolvers()
      this.#opened.promise.catch(() => {})
    }
    await deadline.race(this.#opened.promise)
  }

  readonly #onReady = (): void => {
    this.#isUp = true
    this.#trouble = undefined
    this.#opened?.resolve()
    this.#opened = undefined
  }

  readonly #onError = (error: unknown): void => {
    if (this.#client.isReady) return
    if (this.#isUp) this.#break()
    else this.#fail(error)
  }

  #break(): void {
    this.#isUp = false
    this.#breaks++
    this.clock.forget()
    for (const ticket of this.#unwritten) ticket.takeBack()
  }

  #fail(error: unknown): void {
    this.#trouble = error ?? new Error('The client was closed')
    this.#opened?.reject(connectError(this.#trouble))
    this.#opened = undefined
  }
}
