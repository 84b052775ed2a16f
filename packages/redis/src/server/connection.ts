import { RESP_TYPES } from 'redis'
import type { Deadline } from './deadline.ts'
import type { Argument, CommandOptions, Subscriber } from './redis-client.ts'

/** Sends one command; rejects with what node-redis throws. */
export type Send = (args: Argument[], deadline: Deadline) => Promise<unknown>

/** One server, or a cluster of them. */
export interface Connection {
  /** Sends a command about one key. */
  send(key: string, args: Argument[], deadline: Deadline): Promise<unknown>
  /** What stands under the keys, `null` where there is nothing. */
  getAll(keys: readonly string[], deadline: Deadline): Promise<(Buffer | null)[]>
  /** Sets entries that never expire; gives what stood there. */
  exchangeAll(
    entries: readonly (readonly [string, Argument])[],
    deadline: Deadline,
  ): Promise<(Buffer | null)[]>
  /** One for each server that has keys of its own. */
  servers(): Promise<readonly Send[]>
  /** A connection that messages come in on. */
  subscriber(): Promise<Subscriber>
  /** Closes what was opened here, and not the caller's client. */
  close(deadline: Deadline): Promise<void>
}

const AS_BUFFERS = { [RESP_TYPES.BLOB_STRING]: Buffer }

/** For commands that need not be taken back. The limit of node-redis costs a timer per command, and is not needed. */
export const PLAIN_OPTIONS: CommandOptions = {
  typeMapping: AS_BUFFERS,
  timeout: undefined,
  abortSignal: undefined,
}

/** For commands that are taken back when the deadline passes before they are sent. */
export function takenBack(deadline: Deadline): CommandOptions {
  return { ...PLAIN_OPTIONS, abortSignal: deadline.signal }
}
