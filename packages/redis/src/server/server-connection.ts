import { errorChannel } from '@diskcache/core'
import { createClient } from 'redis'
import { type Connection, PLAIN_OPTIONS, type Send, takenBack } from './connection.ts'
import type { Deadline } from './deadline.ts'
import type { Argument, ServerClient, Subscriber } from './redis-client.ts'

/** How often an idle connection is tried, and how long it may be silent, in milliseconds, before another is made. */
const PING_INTERVAL = 10_000
const SILENCE = 30_000

/**
 * So many bytes a connection takes at once, however slow the server is. What goes beyond may have to wait in this process
 * until others are sent.
 */
const ROOM = 48 * 1024

/** One server, over the caller's client or one that is made from a URL. */
export class ServerConnection implements Connection {
  readonly #client: ServerClient
  readonly #store: string
  readonly #isOwn: boolean
  #subscriber: ServerClient | undefined
  /** Bytes of commands that have no answer yet. */
  #unanswered = 0

  /** `store` is what messages call it. */
  constructor(client: ServerClient, store: string, isOwn = false) {
    this.#client = client
    this.#store = store
    this.#isOwn = isOwn
  }

  static open(url: string, store: string): ServerConnection {
    const socket = { socketTimeout: SILENCE }
    const client = createClient({ url, socket, pingInterval: PING_INTERVAL }) as unknown as ServerClient
    return new ServerConnection(connect(client, store), store, true)
  }

  send(_key: string, args: Argument[], deadline: Deadline): Promise<unknown> {
    return this.#send(args, deadline)
  }

  async getAll(keys: readonly string[], deadline: Deadline): Promise<(Buffer | null)[]> {
    return (await this.#send(['MGET', ...keys], deadline)) as (Buffer | null)[]
  }

  /** Two commands, which are cheaper than one for each. */
  async exchangeAll(
    entries: readonly (readonly [string, Argument])[],
    deadline: Deadline,
  ): Promise<(Buffer | null)[]> {
    const keys = entries.map(([key]) => key)
    const set = () => this.#send(['MSET', ...entries.flat()], deadline)
    const [before] = await Promise.all([this.getAll(keys, deadline), set()])
    return before
  }

  async servers(): Promise<readonly Send[]> {
    return [this.#send]
  }

  /** A connection that is subscribed may be unable to do anything else, so it is one of its own. */
  async subscriber(): Promise<Subscriber> {
    this.#subscriber ??= connect(this.#client.duplicate(), this.#store)
    return this.#subscriber
  }

  async close(deadline: Deadline): Promise<void> {
    this.#subscriber?.destroy()
    if (!this.#isOwn || !this.#client.isOpen) return
    await deadline.race(this.#client.close()).catch(() => this.#client.destroy())
  }

  /** A command that is issued on a connection in working order is as good as sent, if there is room for it. */
  readonly #send: Send = (args, deadline) => {
    const size = sizeOf(args)
    const hasRoom = this.#unanswered === 0 || this.#unanswered + size <= ROOM
    const isSent = this.#client.isReady && hasRoom && !deadline.isAbortable
    const reply = this.#client.sendCommand(args, isSent ? PLAIN_OPTIONS : takenBack(deadline))
    this.#unanswered += size
    const answered = () => {
      this.#unanswered -= size
    }
    reply.then(answered, answered)
    return reply
  }
}

/** Bytes, roughly: text may take three times as many, and every argument has a head. */
function sizeOf(args: readonly Argument[]): number {
  let size = 0
  for (const arg of args) size += arg.length + 10
  return size
}

/** Begins to connect; what is asked for meanwhile waits. */
function connect(client: ServerClient, store: string): ServerClient {
  // Without a listener, Node would end the process.
  client.on('error', (error) => errorChannel.publish({ store, reason: 'failed', error }))
  client.connect().catch(() => {})
  return client
}
