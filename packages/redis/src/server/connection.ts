import type { Command } from './command.ts'
import type { Deadline } from './deadline.ts'
import type { Link } from './link/link.ts'
import type { Subscriber } from './redis-client.ts'

/** Sends one command; rejects with what node-redis throws. */
export type Send = (command: Command, deadline: Deadline) => Promise<unknown>

/** One server, or a cluster of them. */
export interface Connection {
  /** Whether one command may be about any keys: they are all on one server. */
  readonly isOneServer: boolean
  /** Sends a command about one key, or, to one server, about several. */
  send(key: string, command: Command, deadline: Deadline): Promise<unknown>
  /** What goes to the server that has the key, where there is a connection to it. */
  linkOf(key: string): Link | undefined
  /** One for each server that has keys of its own. */
  servers(): Promise<readonly Send[]>
  /** A connection that messages come in on. */
  subscriber(): Promise<Subscriber>
  /** Closes what was opened here, and not the caller's client. */
  close(deadline: Deadline): Promise<void>
}
