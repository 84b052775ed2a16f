import { errorMonitor } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { RESP_TYPES } from 'redis'
import type { Command } from './command.ts'
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
  #answeredUntil = -Infinity
  #toldUntil = -Infinity

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

  /** Whether it is in working order. */
  get isUp(): boolean {
    return this.#client.isReady
  }

  /** When the last of the commands was sent that were answered, by this process's monotonic clock, in milliseconds. */
  get answeredUntil(): number {
    return this.#answeredUntil
  }

  /**
   * Until when all changes have been told here that a client with `Tracking` is told of. Redis sends what is told after
   * the replies to all commands that it found at the same time; so the reply to a command tells that all has come that
   * was told up to an earlier one, whose reply was there when the later was sent.
   */
  get toldUntil(): number {
    return this.#toldUntil
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
    const start = performance.now()
    const answered = this.#answeredUntil
    const options = { typeMapping: AS_BUFFERS, timeout: undefined, abortSignal: ticket }
    return this.#client.sendCommand(command.wordsFor(this.clock), options).then(
      (reply) => {
        if (breaks === this.#breaks) this.#noteAnswer(start, answered)
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

  /** Notes that a command was answered that was sent at `start`, when those until `answered` were answered already. */
  #noteAnswer(start: number, answered: number): void {
    if (start > this.#answeredUntil) this.#answeredUntil = start
    if (answered > this.#toldUntil) this.#toldUntil = answered
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
    this.#answeredUntil = -Infinity
    this.#toldUntil = -Infinity
    this.clock.forget()
    for (const ticket of this.#unwritten) ticket.takeBack()
  }

  #fail(error: unknown): void {
    this.#trouble = error ?? new Error('The client was closed')
    this.#opened?.reject(connectError(this.#trouble))
    this.#opened = undefined
  }
}
