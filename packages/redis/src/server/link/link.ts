import { errorMonitor } from 'node:events'
import type { Command } from '../command.ts'
import type { Deadline } from '../deadline.ts'
import { isUnanswered, LostAnswer, lateTime } from '../engine-error.ts'
import { end } from '../own-client.ts'
import type { ServerClient } from '../redis-client.ts'
import { Opening } from './opening.ts'
import { ServerClock } from './server-clock.ts'
import { type Remedy, SilenceWatch } from './silence-watch.ts'
import { Ticket } from './ticket.ts'

const links = new WeakMap<ServerClient, Link>()

/**
 * What goes over one client of node-redis. Nothing is handed to it before its connection is in working order, with the
 * user and the database that were asked for: it would keep what it cannot send, and send it whenever it can, at once
 * with its password. What is not written when the connection breaks is taken back, and handed over again.
 */
export class Link {
  /** The clock of the server at the other end. */
  readonly clock = new ServerClock()
  readonly #opening = new Opening()
  readonly #silence: SilenceWatch
  #client: ServerClient
  readonly #unwritten = new Set<Ticket>()
  #isUp: boolean
  /** How often the connection broke. */
  #breaks = 0
  /** Why it did last. */
  #breakCause: unknown
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

  /** Over a client of our own, about which something is done when its server says nothing. */
  static watched(client: ServerClient, remedy: Remedy): Link {
    return new Link(client, remedy)
  }

  private constructor(client: ServerClient, remedy?: Remedy) {
    this.#client = client
    this.#isUp = client.isReady
    this.#silence = new SilenceWatch(remedy)
    if (this.#isUp) this.#opening.succeed()
    this.#listen(client)
  }

  /** As one who only watches: what becomes of errors is the caller's affair. */
  #listen(client: ServerClient): void {
    const onError = (error: unknown) => {
      if (client === this.#client) this.#onError(error)
    }
    client.on(errorMonitor, onError)
    client.on('end', onError)
    client.on('ready', () => {
      if (client === this.#client) this.#onReady()
    })
  }

  get client(): ServerClient {
    return this.#client
  }

  /** Goes on over another client, because of `cause`, and ends the one before. */
  replace(client: ServerClient, cause: unknown): void {
    const old = this.#client
    this.#client = client
    this.#listen(client)
    if (this.#isUp) this.#break(cause)
    else this.#opening.fail(cause)
    end(old)
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
   * cause, when there is no connection, unless it is the first, or broke just now.
   */
  send(command: Command, deadline: Deadline): Promise<unknown> {
    const isOpen = this.#client.isReady && !this.#silence.isHolding
    return isOpen ? this.#sendNow(command, deadline) : this.#sendLater(command, deadline)
  }

  async #sendLater(command: Command, deadline: Deadline): Promise<unknown> {
    if (this.#silence.isHolding) {
      await this.#silence.wait(deadline)
      return this.send(command, deadline)
    }
    // Of a client that was never connected, it says so itself.
    if (this.#client.isOpen || this.#opening.hasCause) await this.#opening.wait(deadline)
    return this.#sendNow(command, deadline)
  }

  #sendNow(command: Command, deadline: Deadline): Promise<unknown> {
    const ticket = new Ticket(this.#unwritten)
    deadline.carry(ticket)
    const breaks = this.#breaks
    const start = performance.now()
    const answered = this.#answeredUntil
    const options = { typeMapping: this.#silence.typeMapping, timeout: undefined, abortSignal: ticket }
    this.#silence.begin()
    return this.#client.sendCommand(command.wordsFor(this.clock), options).then(
      (reply) => {
        this.#silence.end(true)
        if (breaks === this.#breaks) this.#noteAnswer(start, answered)
        if (command.timeAt !== undefined) this.clock.note(Number((reply as unknown[])[command.timeAt]))
        return reply
      },
      (error) => {
        this.#silence.end(!isUnanswered(error))
        const late = lateTime(error)
        if (late !== undefined) this.clock.note(late)
        if (breaks === this.#breaks || deadline.isOver) throw error
        if (ticket.isWritten || !ticket.aborted) throw new LostAnswer(this.#breakCause)
        return this.send(command, deadline)
      },
    )
  }

  /** Notes that a command was answered that was sent at `start`, when those until `answered` were answered already. */
  #noteAnswer(start: number, answered: number): void {
    if (start > this.#answeredUntil) this.#answeredUntil = start
    if (answered > this.#toldUntil) this.#toldUntil = answered
  }

  #onReady(): void {
    this.#isUp = true
    this.#opening.succeed()
  }

  #onError(error: unknown): void {
    if (this.#client.isReady) return
    const cause = error ?? new Error('The client was closed')
    if (this.#isUp) this.#break(cause)
    else this.#opening.fail(cause)
    if (!this.#client.isOpen) this.#opening.close(cause)
  }

  #break(cause: unknown): void {
    this.#isUp = false
    this.#breaks++
    this.#breakCause = cause
    this.#answeredUntil = -Infinity
    this.#toldUntil = -Infinity
    this.clock.forget()
    this.#opening.break(cause)
    for (const ticket of this.#unwritten) ticket.takeBack()
    this.#silence.release()
  }
}
