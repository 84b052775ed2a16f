import { errorChannel } from '@diskcache/core'
import { createClient } from 'redis'
import { reconnectPause } from './link/opening.ts'
import type { ServerClient } from './redis-client.ts'

/** How often an idle connection is tried, and how long it may be silent, in milliseconds, before another is made. */
const PING_INTERVAL = 10_000
const SILENCE = 30_000

/** How long a connection may take to be made, and then how long Redis may take to accept user and database, in milliseconds. */
const CONNECT_TIME = 2_000
export const HANDSHAKE_TIME = 2_000

/** How long an attempt may take, in milliseconds, that is to tell whether a server answers. */
const PROBE_TIME = 1_000

/** For connections that need not hear of changes. */
export const UNTRACKED = { clientSideCache: undefined }

export type ClientOptions = NonNullable<Parameters<typeof createClient>[0]>

type SocketOptions = NonNullable<ClientOptions['socket']>

/** A client of our own, which is not connected yet. */
export function ownClient(options: ClientOptions): ServerClient {
  const defaults = {
    connectTimeout: CONNECT_TIME,
    socketTimeout: SILENCE,
    reconnectStrategy: reconnectPause,
  }
  const socket = { ...defaults, ...options.socket } as SocketOptions
  return createClient({ pingInterval: PING_INTERVAL, ...options, socket }) as unknown as ServerClient
}

/** A client that connects once: the next may be to another server. */
export function onceClient(options: ClientOptions): ServerClient {
  const client = ownClient({
    ...options,
    socket: { ...options.socket, reconnectStrategy: false } as SocketOptions,
  })
  client.on('error', () => {})
  return client
}

/** Begins to connect; what is asked for meanwhile waits. `store` is what messages call it. */
export function connect(client: ServerClient, store: string): ServerClient {
  // Without a listener, Node would end the process.
  client.on('error', (error) => errorChannel.publish({ store, reason: 'failed', error }))
  client.connect().catch(() => {})
  return client
}

/** Resolves when the server answers over a connection that is made for that. */
export async function probe(options: ClientOptions): Promise<void> {
  const socket = { ...options.socket, connectTimeout: PROBE_TIME, socketTimeout: PROBE_TIME } as SocketOptions
  const client = onceClient({ ...options, ...UNTRACKED, socket } as never)
  try {
    await client.connect()
  } finally {
    end(client)
  }
}

/** Ends a client at once; one of node-redis 5 refuses that when it has ended by itself. */
export function end(client: ServerClient): void {
  try {
    client.destroy()
  } catch {
    // It has ended.
  }
}
