import {
  type ClassesOption,
  checkFunction,
  checkNumber,
  checkOptions,
  checkString,
  checkTtl,
  Disk,
  MAX_TIMER_MS,
  type MemoryOptions,
  makeDisk,
  quote,
  type ResolvedMemoryOptions,
  resolveMemoryOptions,
  type Ttl,
} from '@diskcache/core'
import {
  clientOptionsOf,
  type IoRedisClient,
  isIoRedisClient,
  isIoRedisCluster,
  sentinelOptionsOf,
} from './ioredis-options.ts'
import { ClusterConnection } from './server/cluster/cluster-connection.ts'
import type { Connection } from './server/connection.ts'
import { Link } from './server/link/link.ts'
import { isCluster, isRedisClient, type RedisClient } from './server/redis-client.ts'
import {
  isSentinelClient,
  type SentinelClient,
  SentinelClientFinder,
} from './server/sentinel/sentinel-client.ts'
import { SentinelConnection } from './server/sentinel/sentinel-connection.ts'
import { type SentinelOptions, SentinelQuery } from './server/sentinel/sentinel-query.ts'
import { ServerConnection } from './server/server-connection.ts'
import { Tracking } from './server/tracking.ts'

/** How a {@link RedisStore} reaches Redis and writes there: exactly one of `client`, `url` and `sentinel`, and settings. */
export interface RedisStoreOptions {
  /**
   * A client of node-redis 5 or 6 that is connected: of `createClient`, `createCluster` or `createSentinel`, not of a
   * pool. It stays the caller's own, with its listener for `'error'`. Of one of `createSentinel` the store learns where
   * the primary is, and makes a connection of its own there, by the client's options. Or one of ioredis, of one server or
   * a group with sentinels: the store makes a connection of its own as that client makes them, and closes it with itself.
   */
  client?: RedisClient | SentinelClient | IoRedisClient | undefined
  /**
   * An address such as `redis://localhost:6379` or `rediss://…`: the store makes a client for it, and closes that with
   * itself.
   */
  url?: string | undefined
  /** The primary of a group that sentinels watch, with what node-redis's `createSentinel` takes. */
  sentinel?: SentinelOptions | undefined
  /**
   * The text that all names in Redis begin with; `'diskcache'` by default. Stores with different ones do not see each
   * other. No braces.
   */
  prefix?: string | undefined
  /**
   * The time to live, in milliseconds, of every write of this object that gives none, or a range of it, of which one is
   * drawn for each entry; for ever unless given. `ttl: Infinity` in a write is for ever. Redis knows nothing of it: each
   * process has its own.
   */
  ttl?: Ttl | undefined
  /**
   * The codec that turns values into bytes, `Disk` by default: a class, or one that was made with options of its own, such
   * as `new Disk({ compression: true })`. It must be the same in all processes, which nothing checks; only compression
   * may differ.
   */
  disk?: typeof Disk | Disk | undefined
  /**
   * What becomes of instances of classes in values. Unless given, they are refused with
   * `ERR_DISKCACHE_UNSUPPORTED_VALUE`, since a copy would not be of the class. Those of the classes that are named here
   * come back as such, in every process that names them; with `'plain'`, all come back as plain objects.
   */
  classes?: ClassesOption | undefined
  /**
   * The time in milliseconds after which an operation that Redis does not answer fails with `ERR_DISKCACHE_TIMEOUT`, at
   * most a tenth later; 5,000 by default.
   */
  timeout?: number | undefined
  /** The largest value that is stored, in bytes; `Infinity` by default. For a larger one, `set` returns `false`. */
  maxValueSize?: number | undefined
  /**
   * Keeps entries that were read in this process's memory, too; off unless given. Redis tells of all changes of entries,
   * and what is read from memory was there at most `staleness` milliseconds ago, 100 unless given. It takes a connection
   * of the store's own by RESP 3, made like the `client`.
   */
  memory?: MemoryOptions | undefined
  /** Returns the time that `update` tells, in epoch milliseconds; by default that of the server's clock. For tests. */
  clock?: (() => number) | undefined
}

/** The options, checked and complete. */
export interface OpenOptions {
  readonly connection: Connection
  readonly prefix: string
  /** Of writes that give none. */
  readonly ttl: Ttl | undefined
  readonly disk: Disk
  readonly timeout: number
  readonly maxValueSize: number
  readonly clock: (() => number) | undefined
  readonly memory: ResolvedMemoryOptions | undefined
  /** What tells of changes, where entries are kept in memory. */
  readonly tracking: Tracking | undefined
}

/** How long ago, in milliseconds, what is read from memory may have been there, unless the options say otherwise. */
const STALENESS = 100

const OPTION_NAMES = [
  'client',
  'url',
  'sentinel',
  'prefix',
  'ttl',
  'disk',
  'classes',
  'timeout',
  'maxValueSize',
  'memory',
  'clock',
]

/**
 * Completes options.
 *
 * @throws TypeError, RangeError naming the option that is unknown or illegal
 */
export function openOptions(options: RedisStoreOptions): OpenOptions {
  checkOptions('the options of a RedisStore', options, OPTION_NAMES)
  const {
    client,
    url,
    sentinel,
    prefix = 'diskcache',
    ttl,
    disk = Disk,
    classes,
    timeout = 5_000,
    maxValueSize = Infinity,
    clock,
  } = options
  const memory = resolveMemoryOptions(options.memory, { staleness: STALENESS })
  checkPrefix(prefix)
  checkNumber('timeout', timeout, { min: 1, max: MAX_TIMER_MS })
  checkNumber('maxValueSize', maxValueSize, { min: 0, infinity: true })
  if (clock !== undefined) checkFunction('clock', clock)
  // Entries and their chunks begin so.
  const tracking = memory && new Tracking(`${prefix}{`)
  return {
    prefix,
    ttl: ttl === undefined ? undefined : checkTtl(ttl),
    disk: makeDisk(disk, classes),
    timeout,
    maxValueSize,
    clock,
    memory,
    tracking,
    connection: openConnection(prefix, { client, url, sentinel }, tracking),
  }
}

function checkPrefix(prefix: string): void {
  checkString('prefix', prefix)
  if (/[{}]/.test(prefix) || !prefix.isWellFormed())
    throw new RangeError(`Cannot use prefix ${quote(prefix)}: expected text without braces`)
}

function openConnection(
  prefix: string,
  { client, url, sentinel }: RedisStoreOptions,
  tracking: Tracking | undefined,
): Connection {
  if ([client, url, sentinel].filter((one) => one !== undefined).length !== 1)
    throw new TypeError('Cannot open a RedisStore: expected one of client and url, or sentinel')
  if (url !== undefined)
    return ServerConnection.open({ url: checkString('url', url), ...tracking?.options }, prefix)
  if (sentinel !== undefined) return openSentinel(checkSentinel(sentinel), prefix, tracking)
  return clientConnection(client, prefix, tracking)
}

function openSentinel(sentinel: SentinelOptions, prefix: string, tracking: Tracking | undefined): Connection {
  return new SentinelConnection(new SentinelQuery(sentinel), prefix, tracking?.options)
}

function clientConnection(client: unknown, prefix: string, tracking: Tracking | undefined): Connection {
  if (isSentinelClient(client))
    return new SentinelConnection(new SentinelClientFinder(client), prefix, tracking?.options)
  if (isIoRedisClient(client)) return ioRedisConnection(client, prefix, tracking)
  if (!isRedisClient(client))
    throw new TypeError(
      `Cannot use client ${quote(client)}: expected what createClient, createCluster or createSentinel of node-redis gives, or a Redis of ioredis`,
    )
  if (isCluster(client)) return ClusterConnection.of(client, prefix, tracking)
  if (tracking === undefined) return new ServerConnection(Link.of(client), prefix)
  return ServerConnection.open({ ...client.options, ...tracking.options }, prefix)
}

/** A connection of our own: ioredis sends what it could not send later on, and some commands twice. */
function ioRedisConnection(
  client: IoRedisClient,
  prefix: string,
  tracking: Tracking | undefined,
): Connection {
  if (isIoRedisCluster(client))
    throw new TypeError('Cannot use a Cluster of ioredis: give what createCluster of node-redis gives')
  const sentinel = sentinelOptionsOf(client)
  if (sentinel !== undefined) return openSentinel(sentinel, prefix, tracking)
  return ServerConnection.open({ ...clientOptionsOf(client), ...tracking?.options }, prefix)
}

function checkSentinel(sentinel: SentinelOptions): SentinelOptions {
  if (typeof sentinel !== 'object' || sentinel === null)
    throw new TypeError(`Cannot use sentinel: expected an object, got ${quote(sentinel)}`)
  const { name, sentinelRootNodes } = sentinel
  checkString('sentinel.name', name)
  if (!Array.isArray(sentinelRootNodes) || sentinelRootNodes.length === 0)
    throw new TypeError('Cannot use sentinel: expected sentinelRootNodes, an array of host and port')
  return sentinel
}
