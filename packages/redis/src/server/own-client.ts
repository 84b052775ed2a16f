import { errorChannel } from '@diskcache/core'
import { createClient } from 'redis'
import type { ServerClient } from './redis-client.ts'

/** How often an idle connection is tried, and how long it may be silent, in milliseconds, before another is made. */
const PING_INTERVAL = 10_000
const SILENCE = 30_000

/** How long it is waited before another attempt to connect, in milliseconds: at first, and at most. */
const SHORTEST_PAUSE = 50
const LONGEST_PAUSE = 1_000

export type ClientOptions = NonNullable<Parameters<typeof createClient>[0]>

/** A client of our own, which is not connected yet. */
export function ownClient(options: ClientOptions): ServerClient {
  const socket = { socketTimeout: SILENCE, reconnectStrategy, ...options.socket } as NonNullable<
    ClientOptions['socket']
  >
  return createClient({ pingInterval: PING_INTERVAL, ...options, socket }) as unknown as ServerClient
}

/** Begins to connect; what is asked for meanwhile waits. `store` is what messages call it. */
export function connect(client: ServerClient, store: string): ServerClient {
  // Without a listener, Node would end the process.
  client.on('error', (error) => errorChannel.publish({ store, reason: 'failed', error }))
  client.connect().catch(() => {})
  return client
}

/** Again and again: node-redis's own strategy gives up for good when a server was silent. */
function reconnectStrategy(retries: number): number {
  return Math.min(SHORTEST_PAUSE * 2 ** retries, LONGEST_PAUSE) * (0.5 + Math.random())
}
