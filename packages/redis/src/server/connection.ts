import type { Deadline } from './deadline.ts'
import type { Argument, Subscriber } from './redis-client.ts'
import type { ServerClock } from './server-clock.ts'

/** A command that is made just before it is sent. */
export interface Command {
  /** Whether it is refused when the server gets round to it too late. */
  readonly isWrite: boolean
  /** Where the server's time stands in its reply, in epoch milliseconds. */
  readonly timeAt: number | undefined
  /** Gives its words, for the server with this clock. */
  wordsFor(clock: ServerClock): Argument[]
}

/** Sends one command; rejects with what node-redis throws. */
export type Send = (command: Command, deadline: Deadline) => Promise<unknown>

/** One server, or a cluster of them. */
export interface Connection {
  /** Whether one command may be about any keys: they are all on one server. */
  readonly isOneServer: boolean
  /** Sends a command about one key, or, to one server, about several. */
  send(key: string, command: Command, deadline: Deadline): Promise<unknown>
  /** The clock of the server that has the key, where that is known. */
  clockOf(key: string): ServerClock | undefined
  /** One for each server that has keys of its own. */
  servers(): Promise<readonly Send[]>
  /** A connection that messages come in on. */
  subscriber(): Promise<Subscriber>
  /** Closes what was opened here, and not the caller's client. */
  close(deadline: Deadline): Promise<void>
}
