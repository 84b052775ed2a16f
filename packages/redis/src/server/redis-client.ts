/** What a command is made of. */
export type Argument = string | Buffer

/** The parts of an `AbortSignal` that node-redis uses. */
export interface CommandSignal {
  /** Whether the signal is aborted. */
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options?: object): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** The options of a command that are used. */
export interface CommandOptions {
  /** How replies become values. */
  typeMapping?: object
  /** Takes the command back as long as it is not written to the socket. */
  abortSignal?: CommandSignal | undefined
  /** node-redis's own limit, which ends with the writing of the command. */
  timeout?: number | undefined
}

/** Called for each message of a channel. */
export type MessageListener = (message: string, channel: string) => unknown

/** A client that receives messages. */
export interface Subscriber {
  /** Subscribes to a channel of a shard. */
  sSubscribe(channel: string, listener: MessageListener): Promise<unknown>
  /** Ends a subscription. */
  sUnsubscribe(channel: string, listener: MessageListener): Promise<unknown>
}

/** The parts of node-redis's client for one server that are used; its own types differ with every set of options. */
export interface ServerClient extends Subscriber {
  /** Whether the client was connected, and is not closed. */
  readonly isOpen: boolean
  /** Whether commands can be sent at once. */
  readonly isReady: boolean
  /** Sends a command, and resolves to its reply. */
  sendCommand(args: readonly Argument[], options?: CommandOptions): Promise<unknown>
  /** What the client was made with. */
  readonly options?: object | undefined
  /** Returns another client with the same options, but for these. */
  duplicate(overrides?: object): ServerClient
  /** Adds a listener, such as that for `'error'`. */
  on(event: string | symbol, listener: (error: unknown) => void): unknown
  /** Connects the client. */
  connect(): Promise<unknown>
  /** Closes the client after what is under way. */
  close(): Promise<unknown>
  /** Closes the client at once. */
  destroy(): void
}

/** A server of a cluster. */
export interface ClusterNode {
  /** Its client, if there is one. */
  readonly client?: ServerClient | undefined
}

/** The parts of node-redis's client for a cluster that are used. */
export interface ClusterClient extends Subscriber {
  /** The primary servers. */
  readonly masters: readonly object[]
  /** The servers of each slot. */
  readonly slots: readonly { readonly master: ClusterNode }[]
  /** The servers by `host:port`. */
  readonly nodeByAddress: ReadonlyMap<string, object>
  /** Returns another client with the same options, but for these. */
  duplicate(overrides?: object): ClusterClient
  /** Adds a listener, such as that for `'error'`. */
  on(event: string | symbol, listener: (error: unknown) => void): unknown
  /** Finds the servers, and connects to them. */
  connect(): Promise<unknown>
  /** Closes the client after what is under way. */
  close(): Promise<unknown>
  /** Closes the client at once. */
  destroy(): void
  /** Returns the client for a server. */
  nodeClient(node: never): Promise<ServerClient> | ServerClient
  /** Sends a command to the server of its first key, and resolves to its reply. */
  sendCommand(
    firstKey: Argument | undefined,
    isReadonly: boolean | undefined,
    args: Argument[],
    options?: CommandOptions,
  ): Promise<unknown>
}

/** A client that `createClient` or `createCluster` of node-redis 5 or 6 returns. */
export type RedisClient = ServerClient | ClusterClient

/** Not one of a pool, which has no order and no messages. */
export function isRedisClient(client: unknown): client is RedisClient {
  if (typeof client !== 'object' || client === null) return false
  return 'sendCommand' in client && 'sSubscribe' in client
}

export function isCluster(client: RedisClient): client is ClusterClient {
  return 'nodeClient' in client
}
