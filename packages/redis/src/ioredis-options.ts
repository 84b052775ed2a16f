import type { ClientOptions } from './server/own-client.ts'
import type { SentinelOptions } from './server/sentinel/sentinel-query.ts'

interface Address {
  readonly host?: string | undefined
  readonly port?: number | undefined
}

/** Where an ioredis client connects to, and as whom: what is used of its options. */
interface IoRedisSettings extends Address {
  readonly path?: string | undefined
  readonly family?: number | undefined
  readonly username?: string | null | undefined
  readonly password?: string | null | undefined
  readonly db?: number | undefined
  readonly tls?: object | undefined
  readonly connectTimeout?: number | undefined
  readonly name?: string | undefined
  readonly sentinels?: readonly Address[] | null | undefined
  readonly sentinelUsername?: string | null | undefined
  readonly sentinelPassword?: string | null | undefined
  readonly sentinelTLS?: object | undefined
}

/** A client of ioredis, for one server or for a group that sentinels watch. */
export interface IoRedisClient {
  /** The options that the client was made with, from which the store makes a connection of its own. */
  readonly options: object
  /** Subscribes to channels of a shard: what clients of ioredis are recognised by. It is never called. */
  ssubscribe(...channels: string[]): Promise<unknown>
}

const DEFAULT_PORT = 6_379
const SENTINEL_PORT = 26_379

export function isIoRedisClient(client: unknown): client is IoRedisClient {
  if (typeof client !== 'object' || client === null) return false
  return 'ssubscribe' in client && 'options' in client && !('sSubscribe' in client)
}

export function isIoRedisCluster(client: IoRedisClient): boolean {
  return 'isCluster' in client && client.isCluster === true
}

/** For a connection of node-redis to the same server, as the same user, and to the same database. */
export function clientOptionsOf({ options }: IoRedisClient): ClientOptions {
  const settings = options as IoRedisSettings
  const { host = '127.0.0.1', port = DEFAULT_PORT, path } = settings
  return {
    ...accountOf(settings),
    socket: { ...socketOf(settings), ...(path ? { path } : { host, port }) } as never,
  }
}

/** `undefined`: it does not ask sentinels. */
export function sentinelOptionsOf({ options }: IoRedisClient): SentinelOptions | undefined {
  const settings = options as IoRedisSettings
  const { sentinels, name, sentinelUsername, sentinelPassword, sentinelTLS } = settings
  if (!sentinels?.length || !name) return undefined
  const account = accountOf({ username: sentinelUsername, password: sentinelPassword })
  return {
    name,
    sentinelRootNodes: sentinels.map(({ host = '127.0.0.1', port = SENTINEL_PORT }) => ({ host, port })),
    nodeClientOptions: { ...accountOf(settings), socket: socketOf(settings) as never },
    sentinelClientOptions: { ...account, socket: socketOf({ tls: sentinelTLS }) as never },
  }
}

function accountOf({ username, password, db }: IoRedisSettings): ClientOptions {
  return {
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(db ? { database: db } : {}),
  }
}

function socketOf({ family, tls, connectTimeout }: IoRedisSettings): object {
  return {
    ...(family ? { family } : {}),
    ...(connectTimeout ? { connectTimeout } : {}),
    ...(tls ? { ...tls, tls: true } : {}),
  }
}
