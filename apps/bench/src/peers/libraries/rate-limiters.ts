import { join } from 'node:path'
import type { PeerCalls } from '../peer.ts'
import { IN_MEMORY_REDIS } from '../redis/node-redis.ts'
import { type LibraryPeer, OURS } from './library-peer.ts'

const LIMITERS = { library: 'rate-limiter-flexible' } as const

/** More than any measurement takes, in a window that is longer than it, in seconds. */
const LIMIT = { points: 1e9, duration: 3_600 }

/** What is used of a limiter of the library. */
interface Limiter {
  consume(key: string): Promise<{ readonly consumedPoints: number }>
  get(key: string): Promise<{ readonly consumedPoints: number } | null>
  set(key: string, points: number, seconds: number): Promise<unknown>
}

export const OWN_LIMITER: LibraryPeer = {
  ...LIMITERS,
  name: 'createRateLimiter',
  own: true,
  guarantees: OURS,
  settings: 'on a directory, with default settings',
  shared: true,
  async open({ directory, sizeLimit }) {
    const { createRateLimiter } = await import('@diskcache/adapters/rate-limit')
    const flexible = await import('rate-limiter-flexible')
    const cache = sizeLimit === undefined ? {} : { sizeLimit }
    const limiter = createRateLimiter(flexible, directory, { ...LIMIT, cache })
    return pointsOf(limiter, () => limiter.close())
  },
}

export const LIMITER_SQLITE: LibraryPeer = {
  ...LIMITERS,
  name: 'RateLimiterSQLite',
  guarantees: {
    expiry: true,
    sizeLimit: 'none',
    processes: true,
    kept: true,
    crashSafe: true,
    atomic: true,
    room: 'kept; by an option, freed by a timer after an hour',
  },
  settings:
    'better-sqlite3, which its user sets up: WAL, `synchronous = NORMAL`, and waiting up to 60 s for the lock',
  shared: true,
  async open({ directory }) {
    const { default: Database } = await import('better-sqlite3')
    const { RateLimiterSQLite } = await import('rate-limiter-flexible')
    const database = new Database(join(directory, 'limits.db'), { timeout: 60_000 })
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = NORMAL')
    const options = { ...LIMIT, storeClient: database, storeType: 'better-sqlite3', tableName: 'limits' }
    const limiter = await new Promise<Limiter>((resolve, reject) => {
      const made = new RateLimiterSQLite(options, (error?: Error) => (error ? reject(error) : resolve(made)))
    })
    return pointsOf(limiter, () => database.close())
  },
}

export const LIMITER_REDIS: LibraryPeer = {
  ...LIMITERS,
  name: 'RateLimiterRedis',
  guarantees: { ...IN_MEMORY_REDIS, atomic: true, room: 'freed by the server' },
  settings: "by ioredis; redis-server with `save ''` and `appendonly no`, over TCP on loopback",
  shared: true,
  server: 'redis',
  async open({ address = '' }) {
    const { Redis } = await import('ioredis')
    const { RateLimiterRedis } = await import('rate-limiter-flexible')
    const [host = '', port] = address.split(':')
    const client = new Redis({ host, port: Number(port) })
    return pointsOf(new RateLimiterRedis({ ...LIMIT, storeClient: client }), () => client.disconnect())
  },
}

/** An entry is how many points somebody has taken. */
function pointsOf(limiter: Limiter, close: () => unknown): PeerCalls {
  const taken = (found: { readonly consumedPoints: number } | null) => found?.consumedPoints
  return {
    consume: async (key) => taken(await limiter.consume(key)),
    get: async (key) => taken(await limiter.get(key)),
    setExpiring: (key, points, ttl) => limiter.set(key, Number(points), ttl / 1e3),
    close,
  }
}
