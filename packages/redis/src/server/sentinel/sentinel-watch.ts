import { type ClientOptions, end, ownClient } from '../own-client.ts'
import type { MessageListener, ServerClient } from '../redis-client.ts'
import type { Address } from './primary-finder.ts'

/** What a sentinel publishes when another server has become the primary: the group, the old address, and the new one. */
const SWITCH = '+switch-master'

interface ListeningClient extends ServerClient {
  subscribe(channel: string, listener: MessageListener): Promise<unknown>
}

interface SentinelWatchOptions {
  /** What the sentinels call the group of servers. */
  readonly name: string
  /** How each sentinel is connected to. */
  readonly clients: readonly ClientOptions[]
  /** Called with the address of the new primary, perhaps by each sentinel. */
  readonly onSwitch: (primary: Address) => void
}

/**
 * Listens to the sentinels: a primary that was replaced goes on for seconds, and what it is told meanwhile is lost. All of
 * them, since each tells when it knows itself, and any may be asked afterwards.
 */
export class SentinelWatch {
  readonly #clients: readonly ListeningClient[]

  constructor({ name, clients, onSwitch }: SentinelWatchOptions) {
    const listener = (message: string): void => {
      const [group, , , host, port] = message.split(' ')
      if (group === name) onSwitch({ host: String(host), port: Number(port) })
    }
    this.#clients = clients.map((options) => {
      const client = ownClient(options) as ServerClient as ListeningClient
      // It connects again by itself, and the primary that is known is used meanwhile.
      client.on('error', () => {})
      client
        .connect()
        .then(() => client.subscribe(SWITCH, listener))
        .catch(() => {})
      return client
    })
  }

  close(): void {
    for (const client of this.#clients) end(client)
  }
}
