import { DiskCacheError } from '@diskcache/core'
import type { Command } from '../command.ts'
import type { Connection, Send } from '../connection.ts'
import type { Deadline } from '../deadline.ts'
import { isPassing } from '../engine-error.ts'
import { Link } from '../link/link.ts'
import { Opening } from '../link/opening.ts'
import { end, endBy, HANDSHAKE_TIME, onceClient } from '../own-client.ts'
import type { ServerClient, Subscriber } from '../redis-client.ts'
import { ServerConnection } from '../server-connection.ts'
import type { TrackingOptions } from '../tracking.ts'
import type { Address, PrimaryFinder } from './primary-finder.ts'

/**
 * The primary of a group of servers that sentinels watch. When one of them tells of another primary, when its connection
 * breaks, when it becomes a replica, or when it says nothing, the sentinels are asked again, and no command is repeated
 * that may have been done.
 */
export class SentinelConnection implements Connection {
  readonly isOneServer = true
  readonly #finder: PrimaryFinder
  readonly #store: string
  readonly #tracking: TrackingOptions | undefined
  #server: ServerConnection | undefined
  /** Of the server. */
  #address: Address | undefined
  #endWatch: (() => void) | undefined
  /** Whether the server that was named last is no primary. */
  #isDoubted = false
  /** From the first operation on. */
  #opening: Opening | undefined
  /** Aborted by `close`. */
  readonly #closer = new AbortController()

  /** `store` is what messages call it. */
  constructor(finder: PrimaryFinder, store: string, tracking: TrackingOptions | undefined) {
    this.#finder = finder
    this.#store = store
    this.#tracking = tracking
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
    this.#closer.abort()
    this.#endWatch?.()
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
    if (!this.#closer.signal.aborted) this.#opening?.seek(() => this.#open())
  }

  async #open(): Promise<void> {
    const { client, address } = await this.#connect()
    if (this.#closer.signal.aborted) {
      end(client)
      return
    }
    const link = Link.watched(client, {
      probe: async () => end((await this.#connect()).client),
      renew: (cause) => this.#leave(server, cause),
    })
    const server = new ServerConnection(link, this.#store, true)
    // It does not connect again: the primary may be another.
    client.on('error', (error) => this.#leave(server, error))
    this.#server = server
    this.#address = address
    this.#endWatch ??= this.#finder.watch((primary) => this.#follow(primary))
  }

  /** Connects to the primary. */
  async #connect(): Promise<{ client: ServerClient; address: Address }> {
    const { signal } = this.#closer
    const options = { ...(await this.#finder.find(this.#isDoubted, signal)), ...this.#tracking }
    signal.throwIfAborted()
    this.#isDoubted = false
    const client = onceClient(options)
    const release = endBy(signal, client)
    let isSilent = false
    const timer = setTimeout(() => {
      isSilent = true
      end(client)
    }, HANDSHAKE_TIME)
    try {
      await client.connect()
      const [role] = (await client.sendCommand(['ROLE'])) as unknown[]
      if (String(role) === 'master') return { client, address: options.socket as Address }
      this.#isDoubted = true
      throw new Error('The sentinels name a server that is no primary yet')
    } catch (error) {
      end(client)
      throw isSilent ? new Error('The primary does not answer') : error
    } finally {
      release()
      clearTimeout(timer)
    }
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
