import type { Command } from './command.ts'
import type { Connection, Send } from './connection.ts'
import type { Deadline } from './deadline.ts'
import type { Link } from './link/link.ts'
import { openOwnLink } from './link/own-link.ts'
import { type ClientOptions, connect, duplicateOf, end } from './own-client.ts'
import type { ServerClient, Subscriber } from './redis-client.ts'

/** One server, over the caller's client or one that is made for it. */
export class ServerConnection implements Connection {
  readonly isOneServer = true
  readonly #link: Link
  readonly #store: string
  readonly #isOwn: boolean
  #subscriber: ServerClient | undefined

  /** `store` is what messages call it; with `isOwn` the link's client is closed with it. */
  constructor(link: Link, store: string, isOwn = false) {
    this.#link = link
    this.#store = store
    this.#isOwn = isOwn
  }

  static open(options: ClientOptions, store: string): ServerConnection {
    return new ServerConnection(openOwnLink(options, store), store, true)
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
    this.#subscriber ??= connect(duplicateOf(this.#link.client), this.#store)
    return this.#subscriber
  }

  /** Ends what was opened here, whatever is under way. */
  abandon(): void {
    this.#endSubscriber()
    if (this.#isOwn) end(this.#link.client)
  }

  /** Ends what was opened here, when what is under way has been answered. */
  retire(): void {
    this.#endSubscriber()
    const { client } = this.#link
    if (this.#isOwn) client.close().catch(() => end(client))
  }

  async close(deadline: Deadline): Promise<void> {
    this.#endSubscriber()
    const { client } = this.#link
    if (!this.#isOwn) return
    if (client.isReady) await deadline.race(client.close()).catch(() => {})
    end(client)
  }

  #endSubscriber(): void {
    if (this.#subscriber !== undefined) end(this.#subscriber)
  }
}
