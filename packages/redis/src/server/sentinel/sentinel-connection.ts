import { DiskCacheError } from '@diskcache/core'
import type { Command } from '../command.ts'
import type { Connection, Send } from '../connection.ts'
import type { Deadline } from '../deadline.ts'
import { connectError, isPassing } from '../engine-error.ts'
import type { Link } from '../link.ts'
import { type ClientOptions, ownClient } from '../own-client.ts'
import type { ServerClient, Subscriber } from '../redis-client.ts'
import { ServerConnection } from '../server-connection.ts'
import { type Address, SentinelWatch } from './sentinel-watch.ts'

/** How long an attempt to find the primary counts that failed, in milliseconds. */
const FAILURE_TIME = 50

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
 * breaks, when it becomes a replica, or when it does not answer in time, the sentinels are asked again, and no command is
 * repeated that may have been done.
 */
export class SentinelConnection implements Connection {
  readonly isOneServer = true
  readonly #options: SentinelOptions
  readonly #store: string
  #client: ServerClient | undefined
  #server: ServerConnection | undefined
  /** Of the server. */
  #address: Address | undefined
  #watch: SentinelWatch | undefined
  #opening: Promise<ServerConnection> | undefined
  #isClosed = false

  /** `store` is what messages call it. */
  constructor(options: SentinelOptions, store: string) {
    this.#options = options
    this.#store = store
  }

  async send(key: string, command: Command, deadline: Deadline): Promise<unknown> {
    const server = await deadline.race(this.#primary())
    try {
      return await deadline.race(server.send(key, command, deadline))
    } catch (error) {
      const isSilent = error instanceof DiskCacheError && error.code === 'ERR_DISKCACHE_TIMEOUT'
      if (isSilent || isPassing(error)) this.#leave(server)
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
    await this.#server?.close(deadline)
  }

  /** The one that is known, as long as its connection is in working order. */
  #primary(): Promise<ServerConnection> {
    if (this.#server !== undefined && this.#client?.isOpen) return Promise.resolve(this.#server)
    this.#opening ??= this.#open()
    return this.#opening
  }

  async #open(): Promise<ServerConnection> {
    const forget = () => {
      this.#opening = undefined
    }
    try {
      // Its connection for messages may still be there.
      this.#server?.abandon()
      const client = await this.#connect()
      // As long as it works: afterwards, the primary may be another.
      this.#client = client
      this.#server = new ServerConnection(client, this.#store, true)
      this.#watch ??= this.#listen()
      forget()
      return this.#server
    } catch (error) {
      setTimeout(forget, FAILURE_TIME).unref()
      throw connectError(error)
    }
  }

  async #connect(): Promise<ServerClient> {
    if (this.#isClosed) throw new Error('The store was closed')
    const { nodeClientOptions } = this.#options
    const address = await this.#askForPrimary()
    const client = once({
      ...nodeClientOptions,
      socket: { ...nodeClientOptions?.socket, ...address },
    })
    await client.connect()
    const [role] = (await client.sendCommand(['ROLE'])) as unknown[]
    if (String(role) === 'master') {
      this.#address = address
      return client
    }
    client.destroy()
    throw new Error('The sentinels name a server that is no primary yet')
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
    const client = once(this.#clientOptions(node, { connectTimeout: PATIENCE, socketTimeout: PATIENCE }))
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
    if (this.#opening !== undefined) {
      this.#opening.then(
        () => this.#follow(primary),
        () => {},
      )
      return
    }
    if (this.#address?.host === primary.host && this.#address.port === primary.port) return
    this.#server?.retire()
    this.#server = undefined
  }

  #leave(server: ServerConnection): void {
    if (this.#server !== server) return
    this.#server = undefined
    server.abandon()
  }
}

/** A client that connects once: the next may be to another server. */
function once(options: ClientOptions): ServerClient {
  const socket = { ...options.socket, reconnectStrategy: false } as NonNullable<ClientOptions['socket']>
  const client = ownClient({ ...options, socket })
  client.on('error', () => {})
  return client
}
