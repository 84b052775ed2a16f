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

interface OwnClient extends ServerClient {
  /** Lets the process end while it is connected. */
  unref(): void
}

/** What clients of our own are ended by, beside node-redis: it goes on making a connection that it has begun to make. */
const closers = new WeakMap<object, AbortController>()

/** A client that `end` ends with all its sockets, which have to be made with the signal. */
export function endable<C extends object>(make: (signal: AbortSignal) => C): C {
  const closer = new AbortController()
  const client = make(closer.signal)
  closers.set(client, closer)
  return client
}

/** A client of our own, which is not connected yet. */
export function ownClient(options: ClientOptions): OwnClient {
  const defaults = {
    connectTimeout: CONNECT_TIME,
    socketTimeout: SILENCE,
    reconnectStrategy: reconnectPause,
  }
  return endable((signal) => {
    const socket = { ...defaults, ...options.socket, signal } as SocketOptions
    return createClient({ pingInterval: PING_INTERVAL, ...options, socket }) as unknown as OwnClient
  })
}

/** A client of our own like another, which need not hear of changes. */
export function duplicateOf(client: ServerClient): ServerClient {
  const { socket } = client.options as ClientOptions
  return endable((signal) => client.duplicate({ ...UNTRACKED, socket: { ...socket, signal } }))
}

/** A client that connects once: the next may be to another server. */
export function onceClient(options: ClientOptions): OwnClient {
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
  client.on('error', (error) => {
    if (!hasEnded(client)) errorChannel.publish({ store, reason: 'failed', error })
  })
  client.connect().catch(() => {})
  return client
}

/** Resolves when the server answers over a connection that is made for that. */
export async function probe(options: ClientOptions): Promise<void> {
  const socket = { ...options.socket, connectTimeout: PROBE_TIME, socketTimeout: PROBE_TIME } as SocketOptions
  const client = onceClient({ ...options, ...UNTRACKED, socket } as never)
  client.unref()
  try {
    await client.connect()
  } finally {
    end(client)
  }
}

/** Ends a client at once; one of node-redis 5 refuses that when it has ended by itself. */
export function end(client: { destroy(): void }): void {
  try {
    client.destroy()
  } catch {
    // It has ended.
  }
  closers.get(client)?.abort()
}

/** Whether we have ended a client of our own. */
export function hasEnded(client: object): boolean {
  return closers.get(client)?.signal.aborted === true
}

/** Ends a client when the signal is aborted; returns what ends that. */
export function endBy(signal: AbortSignal, client: ServerClient): () => void {
  const listener = (): void => end(client)
  signal.addEventListener('abort', listener)
  return () => signal.removeEventListener('abort', listener)
}
