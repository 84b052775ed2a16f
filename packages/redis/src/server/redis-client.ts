/** What a command is made of. */
export type Argument = string | Buffer

/** The parts of an `AbortSignal` that node-redis uses. */
export interface CommandSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options?: object): void
  removeEventListener(type: 'abort', listener: () => void): void
}

export interface CommandOptions {
  typeMapping?: object
  /** Takes the command back as long as it is not written to the socket. */
  abortSignal?: CommandSignal | undefined
  /** node-redis's own limit, which ends with the writing of the command. */
  timeout?: number | undefined
}

export type MessageListener = (message: string, channel: string) => unknown

export interface Subscriber {
  sSubscribe(channel: string, listener: MessageListener): Promise<unknown>
  sUnsubscribe(channel: string, listener: MessageListener): Promise<unknown>
}

/** The parts of node-redis's client for one server that are used; its own types differ with every set of options. */
export interface ServerClient extends Subscriber {
  readonly isOpen: boolean
  readonly isReady: boolean
  sendCommand(args: readonly Argument[], options?: CommandOptions): Promise<unknown>
  duplicate(): ServerClient
  on(event: string | symbol, listener: (error: unknown) => void): unknown
  connect(): Promise<unknown>
  close(): Promise<unknown>
  destroy(): void
}

/** The parts of node-redis's client for a cluster that are used. */
export interface ClusterClient extends Subscriber {
  readonly masters: readonly object[]
  /** By slot. */
  readonly slots: readonly { readonly master: object }[]
  /** By `host:port`. */
  readonly nodeByAddress: ReadonlyMap<string, object>
  nodeClient(node: never): Promise<ServerClient> | ServerClient
  sendCommand(
    firstKey: Argument | undefined,
    isReadonly: boolean | undefined,
    args: Argument[],
    options?: CommandOptions,
  ): Promise<unknown>
}

/** What `createClient` or `createCluster` of node-redis 5 or 6 gives. */
export type RedisClient = ServerClient | ClusterClient

/** Not one of a pool, which has no order and no messages, nor one of Sentinel, whose `sendCommand` takes other arguments. */
export function isRedisClient(client: unknown): client is RedisClient {
  if (typeof client !== 'object' || client === null) return false
  return 'sendCommand' in client && 'sSubscribe' in client && !('getSentinelNode' in client)
}

export function isCluster(client: RedisClient): client is ClusterClient {
  return 'nodeClient' in client
}
