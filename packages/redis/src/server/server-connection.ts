import type { Command } from './command.ts'
import type { Connection, Send } from './connection.ts'
import type { Deadline } from './deadline.ts'
import { Link } from './link.ts'
import { type ClientOptions, connect, ownClient } from './own-client.ts'
import type { ServerClient, Subscriber } from './redis-client.ts'

/** For connections that need not hear of changes. */
const UNTRACKED = { clientSideCache: undefined }

/** One server, over the caller's client or one that is made for it. */
export class ServerConnection implements Connection {
  readonly isOneServer = true
  readonly #client: ServerClient
  readonly #link: Link
  readonly #store: string
  readonly #isOwn: boolean
  #subscriber: ServerClient | undefined

  /** `store` is what messages call it. */
  constructor(client: ServerClient, store: string, isOwn = false) {
    this.#client = client
    this.#link = Link.of(client)
    this.#store = store
    this.#isOwn = isOwn
  }

  static open(options: ClientOptions, store: string): ServerConnection {
    const client = ownClient(options)
    const connection = new ServerConnection(client, store, true)
    connect(client, store)
    return connection
  }

  send(_key: string, command: Command, deadline: Deadline): Promise<unknown> {
    return this.#link.send(command, deadline)
  }

  linkOf(): Link {
    return this.#link
  }

  async servers(): Promise<readonly Send[]> {
    return [(command, deadline) => this.#link.send(command, deadline)]
  }

  /** A connection that is subscribed may be unable to do anything else, so it is one of its own. */
  async subscriber(): Promise<Subscriber> {
    this.#subscriber ??= connect(this.#client.duplicate(UNTRACKED), this.#store)
    return this.#subscriber
  }

  /** Ends what was opened here, whatever is under way. */
  abandon(): void {
    this.#subscriber?.destroy()
    if (this.#isOwn) this.#client.destroy()
  }

  /** Ends what was opened here, when what is under way has been answered. */
  retire(): void {
    this.#subscriber?.destroy()
    if (this.#isOwn) this.#client.close().catch(() => this.#client.destroy())
  }

  async close(deadline: Deadline): Promise<void> {
    this.#subscriber?.destroy()
    if (!this.#isOwn || !this.#client.isOpen) return
    await deadline.race(this.#client.close()).catch(() => this.#client.destroy())
  }
}
