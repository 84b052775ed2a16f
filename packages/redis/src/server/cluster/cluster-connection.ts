import { errorChannel } from '@diskcache/core'
import { type Command, PlainCommand } from '../command.ts'
import type { Connection, Send } from '../connection.ts'
import type { Deadline } from '../deadline.ts'
import { isUnanswered, replyCode } from '../engine-error.ts'
import { Link } from '../link/link.ts'
import { Opening } from '../link/opening.ts'
import { type ClientOptions, end, endable, hasEnded } from '../own-client.ts'
import type { ClusterClient, ClusterNode, Subscriber } from '../redis-client.ts'
import type { Tracking } from '../tracking.ts'
import { hashSlot } from './hash-slot.ts'
import { OwnerSearch } from './owner-search.ts'

const ASKING = new PlainCommand(['ASKING'])

/** How often a command follows a slot that moves, before it fails. */
const MOST_MOVES = 16

interface ClusterConnectionParts {
  /** What messages call the store, where the client is our own. */
  readonly store?: string
  /** What the client tells of changes. */
  readonly tracking?: Tracking
}

/**
 * A cluster, over the caller's client or one that is made like it: commands go to the client of the server that has the
 * slot, so that they go by the same rules as to one server. Replicas are not read, since they may not have what was just
 * written.
 */
export class ClusterConnection implements Connection {
  readonly isOneServer = false
  readonly #client: ClusterClient
  readonly #tracking: Tracking | undefined
  readonly #search: OwnerSearch
  readonly #isOwn: boolean
  /** Of a client of our own, until it is open. */
  #opening: Opening | undefined

  private constructor(client: ClusterClient, { store, tracking }: ClusterConnectionParts = {}) {
    this.#client = client
    this.#tracking = tracking
    this.#search = new OwnerSearch(client)
    this.#isOwn = store !== undefined
    if (!this.#isOwn) return
    client.on('error', (error) => {
      if (!hasEnded(client)) errorChannel.publish({ store, reason: 'failed', error })
    })
    this.#opening = new Opening()
    this.#opening.seek(() => this.#open())
  }

  /** Over the client, or, where changes are to be told, one that is made like it. */
  static of(client: ClusterClient, store: string, tracking: Tracking | undefined): ClusterConnection {
    if (tracking === undefined) return new ClusterConnection(client)
    return new ClusterConnection(duplicateOf(client, tracking), { store, tracking })
  }

  async send(key: string, command: Command, deadline: Deadline): Promise<unknown> {
    if (this.#opening !== undefined) await this.#opening.wait(deadline)
    for (let moves = 0; ; moves++) {
      try {
        return await (await this.#linkFor(key)).send(command, deadline)
      } catch (error) {
        if (isUnanswered(error)) this.#search.begin(key)
        const code = replyCode(error)
        if (moves === MOST_MOVES || (code !== 'MOVED' && code !== 'ASK')) throw error
        this.#tellMove(code, key)
        if (code === 'ASK') return await this.#ask(error, key, command, deadline)
        await this.#lookAgain(key, deadline)
      }
    }
  }

  linkOf(key: string): Link | undefined {
    const client = this.#client.slots[hashSlot(key)]?.master.client
    return client && Link.of(client)
  }

  async servers(): Promise<readonly Send[]> {
    await this.#opening?.wait()
    return Promise.all(
      this.#client.masters.map(async (node): Promise<Send> => {
        const link = await this.#linkTo(node)
        return (command, deadline) => link.send(command, deadline)
      }),
    )
  }

  /** node-redis has connections of its own for the messages of a cluster. */
  async subscriber(): Promise<Subscriber> {
    await this.#opening?.wait()
    return this.#client
  }

  async close(deadline: Deadline): Promise<void> {
    if (!this.#isOwn) return
    if (this.#opening === undefined) await deadline.race(this.#client.close()).catch(() => {})
    else this.#opening.close(new Error('The store was closed'))
    end(this.#client)
  }

  async #open(): Promise<void> {
    await this.#client.connect()
    this.#opening?.succeed()
    this.#opening = undefined
  }

  #linkFor(key: string): Promise<Link> {
    const node = this.#client.slots[hashSlot(key)]?.master
    if (node === undefined) throw new Error('CLUSTERDOWN No server of the cluster is known to have the slot')
    return this.#linkTo(node)
  }

  /** At once where there is a client: node-redis waits until it is connected, however long that takes. */
  async #linkTo(node: ClusterNode): Promise<Link> {
    const connected = node.client ?? Promise.resolve(this.#client.nodeClient(node as never))
    if (connected instanceof Promise) connected.catch(() => {})
    return Link.of(node.client ?? (await connected))
  }

  /** What is read elsewhere does not come in one order with what is told here; nor do others that have moved for good. */
  #tellMove(code: 'MOVED' | 'ASK', key: string): void {
    if (code === 'MOVED') this.#tracking?.lose()
    else this.#tracking?.forget(key)
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

/** A cluster's options as they were given: it has no other place that tells them. */
interface WithOptions {
  readonly _options?: { readonly defaults?: ClientOptions }
}

/** A client of our own like another, for all connections that it makes. */
function duplicateOf(client: ClusterClient, tracking: Tracking): ClusterClient {
  const defaults = (client as WithOptions)._options?.defaults
  return endable((signal) =>
    client.duplicate({
      ...tracking.options,
      defaults: { ...defaults, socket: { ...defaults?.socket, signal } },
    }),
  )
}
