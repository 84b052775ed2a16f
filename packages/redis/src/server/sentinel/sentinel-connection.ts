import { DiskCacheError } from '@diskcache/core'
import type { Command } from '../command.ts'
import type { Connection, Send } from '../connection.ts'
import type { Deadline } from '../deadline.ts'
import { isPassing } from '../engine-error.ts'
import { Link } from '../link/link.ts'
import { Opening } from '../link/opening.ts'
import { type ClientOptions, HANDSHAKE_TIME, onceClient } from '../own-client.ts'
import type { ServerClient, Subscriber } from '../redis-client.ts'
import { ServerConnection } from '../server-connection.ts'
import { type Address, SentinelWatch } from './sentinel-watch.ts'

/** How long a sentinel may take to answer, in milliseconds. */
const PATIENCE = 1_000

/** How the primary of a group that sentinels watch is found. */
export interface SentinelOptions {
  /** What the sentinels call the group of servers. */
  readonly name: string
  /** Some of the sentinels. */
  readonly sentinelRootNodes: readonly { readonly host: string; readonly port: number }[]
  /** For the connections to the servers: what `createClient` takes. */
  readonly nodeClientOptions?: ClientOptions | undefined
  /** For the connections to the sentinels. */
  readonly sentinelClientOptions?: ClientOptions | undefined
}

/**
 * The primary of a group of servers that sentinels watch. When one of them tells of another primary, when its connection
 * breaks, when it becomes a replica, or when it says nothing, the sentinels are asked again, and no command is repeated
 * that may have been done.
 */
export class SentinelConnection implements Connection {
  readonly isOneServer = true
  readonly #options: SentinelOptions
  readonly #store: string
  #server: ServerConnection | undefined
  /** Of the server. */
  #address: Address | undefined
  #watch: SentinelWatch | undefined
  /** From the first operation on. */
  #opening: Opening | undefined
  #isClosed = false

  /** `store` is what messages call it. */
  constructor(options: SentinelOptions, store: string) {
    this.#options = options
    this.#store = store
  }

  async send(key: string, command: Command, deadline: Deadline): Promise<unknown> {
    const server = this.#server ?? (await this.#primary(deadline))
    try {
      return await deadline.race(server.send(key, command, deadline))
    } catch (error) {
      const isSilent = error instanceof DiskCacheError && error.code === 'ERR_DISKCACHE_TIMEOUT'
      if (isSilent || isPassing(error)) this.#leave(server, error)
      throw error
    }
  }

  linkOf(): Link | undefined {
    return this.#server?.linkOf()
  }

  async servers(): Promise<readonly Send[]> {
    return [(command, deadline) => this.send('', command, deadline)]
  }

  async subscriber(): Promise<Subscriber> {
    return (await this.#primary()).subscriber()
  }

  async close(deadline: Deadline): Promise<void> {
    this.#isClosed = true
    this.#watch?.close()
    this.#opening?.close(new Error('The store was closed'))
    await this.#server?.close(deadline)
  }

  async #primary(deadline?: Deadline): Promise<ServerConnection> {
    while (this.#server === undefined) {
      this.#opening ??= new Opening()
      this.#seek()
      await this.#opening.wait(deadline)
    }
    return this.#server
  }

  #seek(): void {
    if (!this.#isClosed) this.#opening?.seek(() => this.#open())
  }

  async #open(): Promise<void> {
    const { client, address } = await this.#connect()
    if (this.#isClosed) {
      client.destroy()
      return
    }
    const link = Link.watched(client, {
      probe: async () => (await this.#connect()).client.destroy(),
      renew: (cause) => this.#leave(server, cause),
    })
    const server = new ServerConnection(link, this.#store, true)
    // It does not connect again: the primary may be another.
    client.on('error', (error) => this.#leave(server, error))
    this.#server = server
    this.#address = address
    this.#watch ??= this.#listen()
  }

  /** Connects to the primary that the sentinels name. */
  async #connect(): Promise<{ client: ServerClient; address: Address }> {
    const { nodeClientOptions } = this.#options
    const address = await this.#askForPrimary()
    const client = onceClient({ ...nodeClientOptions, socket: { ...nodeClientOptions?.socket, ...address } })
    // Should it say nothing.
    const timer = setTimeout(() => client.destroy(), HANDSHAKE_TIME)
    try {
      await client.connect()
      const [role] = (await client.sendCommand(['ROLE'])) as unknown[]
      if (String(role) === 'master') return { client, address }
      throw new Error('The sentinels name a server that is no primary yet')
    } catch (error) {
      client.destroy()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  /** What the first sentinel that answers says. */
  async #askForPrimary(): Promise<Address> {
    const { sentinelRootNodes, name } = this.#options
    const troubles: unknown[] = []
    for (const node of sentinelRootNodes) {
      try {
        return await this.#ask(node, name)
      } catch (error) {
        troubles.push(error)
      }
    }
    throw new AggregateError(troubles, 'No sentinel names the primary')
  }

  async #ask(node: Address, name: string): Promise<Address> {
    const client = onceClient(
      this.#clientOptions(node, { connectTimeout: PATIENCE, socketTimeout: PATIENCE }),
    )
    try {
      await client.connect()
      const reply = await client.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name])
      if (!Array.isArray(reply)) throw new Error(`A sentinel does not know the group ${name}`)
      return { host: String(reply[0]), port: Number(reply[1]) }
    } finally {
      client.destroy()
    }
  }

  /** For a connection to a sentinel. */
  #clientOptions(node: Address, socket: object = {}): ClientOptions {
    const { sentinelClientOptions } = this.#options
    return { ...sentinelClientOptions, socket: { ...sentinelClientOptions?.socket, ...node, ...socket } }
  }

  #listen(): SentinelWatch {
    const { name, sentinelRootNodes } = this.#options
    return new SentinelWatch({
      name,
      clients: sentinelRootNodes.map((node) => this.#clientOptions(node)),
      onSwitch: (primary) => this.#follow(primary),
    })
  }

  /** What is under way is still answered by the old primary, and what comes next goes to the new one. */
  #follow(primary: Address): void {
    const seeking = this.#opening?.seeking
    if (seeking !== undefined) {
      seeking.then(() => this.#follow(primary))
      return
    }
    if (this.#address?.host === primary.host && this.#address.port === primary.port) return
    this.#server?.retire()
    this.#lose(new Error('Another server has become the primary'))
  }

  #leave(server: ServerConnection, cause: unknown): void {
    if (this.#server !== server) return
    this.#lose(cause)
    // Its connection for messages may still be there.
    server.abandon()
  }

  #lose(cause: unknown): void {
    this.#server = undefined
    this.#opening?.break(cause)
    this.#seek()
  }
}
