import { type ClientOptions, UNTRACKED } from '../own-client.ts'
import type { Address, PrimaryFinder } from './primary-finder.ts'

/** How long the client may take to find the primary, in milliseconds: it tries for as long as it likes. */
const PATIENCE = 2_000

/** What a client of `createSentinel` tells of the group. */
interface TopologyChange {
  readonly type: string
  readonly node?: Address
}

/** The parts of a client of `createSentinel` that are used. */
export interface SentinelClient {
  /** Whether the client was connected, and is not closed. */
  readonly isOpen: boolean
  /** Calls a function with the client that the primary's commands go over; again when that throws `READONLY`. */
  _execute<T>(isReadonly: boolean, use: (client: { options?: object | undefined }) => Promise<T>): Promise<T>
  /** Adds a listener for changes of the group. */
  on(event: 'topology-change', listener: (change: TopologyChange) => void): unknown
  /** Removes a listener. */
  off(event: 'topology-change', listener: (change: TopologyChange) => void): unknown
}

export function isSentinelClient(client: unknown): client is SentinelClient {
  return typeof client === 'object' && client !== null && '_execute' in client && 'getSentinelNode' in client
}

/** Asks the caller's client, which follows the sentinels by itself; nothing is sent over its connections. */
export class SentinelClientFinder implements PrimaryFinder {
  readonly #client: SentinelClient

  constructor(client: SentinelClient) {
    this.#client = client
  }

  async find(isDoubted: boolean): Promise<ClientOptions> {
    if (!this.#client.isOpen) throw new Error('The client of createSentinel is not connected')
    let isRefused = isDoubted
    const found = this.#client._execute(false, async ({ options }) => {
      // So that it asks the sentinels again.
      if (isRefused) {
        isRefused = false
        throw new Error('READONLY The server is no primary')
      }
      return { ...options, ...UNTRACKED } as object as ClientOptions
    })
    return within(PATIENCE, found, 'The client of createSentinel has no connection to the primary')
  }

  watch(onSwitch: (primary: Address) => void): () => void {
    const listener = ({ type, node }: TopologyChange): void => {
      if (type === 'MASTER_CHANGE' && node !== undefined) onSwitch(node)
    }
    this.#client.on('topology-change', listener)
    return () => this.#client.off('topology-change', listener)
  }
}

async function within<T>(milliseconds: number, promise: Promise<T>, message: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(message)), milliseconds).unref()
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
