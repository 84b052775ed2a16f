import { PlainCommand } from '../command.ts'
import type { Command, Connection, Send } from '../connection.ts'
import type { Deadline } from '../deadline.ts'
import { isUnanswered, replyCode } from '../engine-error.ts'
import { Link } from '../link.ts'
import type { ClusterClient, Subscriber } from '../redis-client.ts'
import type { ServerClock } from '../server-clock.ts'
import { hashSlot } from './hash-slot.ts'
import { OwnerSearch } from './owner-search.ts'

const ASKING = new PlainCommand(['ASKING'])

/** How often a command follows a slot that moves, before it fails. */
const MOST_MOVES = 16

/**
 * A cluster, over the caller's client: commands go to the client of the server that has the slot, so that they go by the
 * same rules as to one server. Replicas are not read, since they may not have what was just written.
 */
export class ClusterConnection implements Connection {
  readonly isOneServer = false
  readonly #client: ClusterClient
  readonly #search: OwnerSearch

  constructor(client: ClusterClient) {
    this.#client = client
    this.#search = new OwnerSearch(client)
  }

  async send(key: string, command: Command, deadline: Deadline): Promise<unknown> {
    for (let moves = 0; ; moves++) {
      try {
        return await (await this.#linkOf(key)).send(command, deadline)
      } catch (error) {
        if (isUnanswered(error)) this.#search.begin(key)
        const code = replyCode(error)
        if (moves === MOST_MOVES || (code !== 'MOVED' && code !== 'ASK')) throw error
        if (code === 'ASK') return await this.#ask(error, key, command, deadline)
        await this.#lookAgain(key, deadline)
      }
    }
  }

  /** Known as long as there is a connection to the server. */
  clockOf(key: string): ServerClock | undefined {
    const node = this.#client.slots[hashSlot(key)]?.master
    const client = node && this.#client.nodeClient(node as never)
    return client === undefined || 'then' in client ? undefined : Link.of(client).clock
  }

  servers(): Promise<readonly Send[]> {
    return Promise.all(
      this.#client.masters.map(async (node): Promise<Send> => {
        const link = await this.#linkTo(node)
        return (command, deadline) => link.send(command, deadline)
      }),
    )
  }

  /** node-redis has connections of its own for the messages of a cluster. */
  async subscriber(): Promise<Subscriber> {
    return this.#client
  }

  async close(): Promise<void> {}

  #linkOf(key: string): Promise<Link> {
    const node = this.#client.slots[hashSlot(key)]?.master
    if (node === undefined) throw new Error('CLUSTERDOWN No server of the cluster is known to have the slot')
    return this.#linkTo(node)
  }

  async #linkTo(node: object): Promise<Link> {
    return Link.of(await this.#client.nodeClient(node as never))
  }

  /** The slot is on its way to another server, which has the key already. */
  async #ask(error: unknown, key: string, command: Command, deadline: Deadline): Promise<unknown> {
    const address = String((error as Error).message).split(' ')[2] ?? ''
    if (!this.#client.nodeByAddress.has(address)) await this.#lookAgain(key, deadline)
    const node = this.#client.nodeByAddress.get(address)
    if (node === undefined) throw error
    const link = await this.#linkTo(node)
    // One right after the other, over one connection.
    const asking = link.send(ASKING, deadline)
    const reply = link.send(command, deadline)
    await Promise.allSettled([asking, reply])
    return reply
  }

  /** Lets node-redis find out where the slots are: it does so when a command of its own is sent away. */
  async #lookAgain(key: string, deadline: Deadline): Promise<void> {
    await deadline.race(this.#client.sendCommand(key, false, ['EXISTS', key]))
  }
}
