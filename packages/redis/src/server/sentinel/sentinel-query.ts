import { type ClientOptions, end, endBy, onceClient } from '../own-client.ts'
import type { Address, PrimaryFinder } from './primary-finder.ts'
import { SentinelWatch } from './sentinel-watch.ts'

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

/** Asks the sentinels. */
export class SentinelQuery implements PrimaryFinder {
  readonly #options: SentinelOptions

  constructor(options: SentinelOptions) {
    this.#options = options
  }

  /** What the first sentinel that answers says. */
  async find(_isDoubted: boolean, signal: AbortSignal): Promise<ClientOptions> {
    const { sentinelRootNodes, nodeClientOptions } = this.#options
    const troubles: unknown[] = []
    for (const node of sentinelRootNodes) {
      try {
        const address = await this.#ask(node, signal)
        return { ...nodeClientOptions, socket: { ...nodeClientOptions?.socket, ...address } }
      } catch (error) {
        troubles.push(error)
      }
    }
    throw new AggregateError(troubles, 'No sentinel names the primary')
  }

  watch(onSwitch: (primary: Address) => void): () => void {
    const { name, sentinelRootNodes } = this.#options
    const clients = sentinelRootNodes.map((node) => this.#clientOptions(node))
    const watch = new SentinelWatch({ name, clients, onSwitch })
    return () => watch.close()
  }

  async #ask(node: Address, signal: AbortSignal): Promise<Address> {
    signal.throwIfAborted()
    const { name } = this.#options
    const client = onceClient(
      this.#clientOptions(node, { connectTimeout: PATIENCE, socketTimeout: PATIENCE }),
    )
    const release = endBy(signal, client)
    try {
      await client.connect()
      const reply = await client.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name])
      if (!Array.isArray(reply)) throw new Error(`A sentinel does not know the group ${name}`)
      return { host: String(reply[0]), port: Number(reply[1]) }
    } finally {
      release()
      end(client)
    }
  }

  /** For a connection to a sentinel. */
  #clientOptions(node: Address, socket: object = {}): ClientOptions {
    const { sentinelClientOptions } = this.#options
    return { ...sentinelClientOptions, socket: { ...sentinelClientOptions?.socket, ...node, ...socket } }
  }
}
