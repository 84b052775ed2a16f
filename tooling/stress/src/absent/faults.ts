import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Child, meet } from '../../../../packages/cache/tests/processes/child.ts'
import { RedisServer } from '../../../../packages/redis/tests/servers/redis-server.ts'
import { TcpProxy } from '../../../../packages/redis/tests/servers/tcp-proxy.ts'
import type { AbsentJob } from './absent-worker.ts'
import type { LockHolderJob } from './lock-holder.ts'

const LOCK_HOLDER = new URL('./lock-holder.ts', import.meta.url)

/** What stores stand on, and its fault. */
export interface Site extends AsyncDisposable {
  readonly place: AbsentJob['place']
  /** The port of the server itself. */
  readonly port?: number
  begin(): Promise<unknown>
  end(): Promise<unknown>
}

/** A way in which a store goes away. */
export interface Fault {
  readonly name: string
  /** What stores are meanwhile: where writes do not go, reads may. */
  readonly state: 'away' | 'busy'
  /** The longest time for which it lasts, in milliseconds. */
  readonly longest: number
  open(directory: string): Promise<Site>
}

/** How something goes away, and comes back. */
interface Course<T> {
  begin(of: T): unknown
  end(of: T): unknown
}

export const FAULTS: readonly Fault[] = [
  redisFault('Redis stopped', {
    begin: (server) => server.shutdown(),
    end: (server) => server.restart(),
  }),
  redisFault('Redis killed', {
    begin: (server) => server.kill(),
    end: (server) => server.restart(),
  }),
  redisFault('Redis stands still', {
    begin: (server) => server.pause(),
    end: (server) => server.resume(),
  }),
  proxyFault('connections refused', {
    begin: (proxy) => proxy.close(),
    end: (proxy) => proxy.open(),
  }),
  proxyFault('a network that swallows', {
    begin: (proxy) => proxy.swallow(),
    end: (proxy) => proxy.heal(),
  }),
  { name: 'SQLite locked', state: 'busy', longest: 12_000, open: openLocked },
]

/** Opens a Redis that nothing happens to. */
export const openRedis = redisFault('none', { begin() {}, end() {} }).open

function redisFault(name: string, { begin, end }: Course<RedisServer>): Fault {
  const open = async (): Promise<Site> => {
    const server = await RedisServer.start()
    const close = () => server.stop()
    return siteOf(server.url, server.port, { begin: () => begin(server), end: () => end(server), close })
  }
  return { name, state: 'away', longest: Infinity, open }
}

/** A fault of the network, while the server is well. */
function proxyFault(name: string, { begin, end }: Course<TcpProxy>): Fault {
  const open = async (): Promise<Site> => {
    const server = await RedisServer.start()
    const proxy = await TcpProxy.start(server.port)
    const close = () => proxy.close().then(() => server.stop())
    return siteOf(proxy.url, server.port, { begin: () => begin(proxy), end: () => end(proxy), close })
  }
  return { name, state: 'away', longest: Infinity, open }
}

function siteOf(
  url: string,
  port: number,
  { begin, end, close }: { begin(): unknown; end(): unknown; close(): Promise<void> },
): Site {
  return {
    place: { url },
    port,
    begin: async () => begin(),
    end: async () => end(),
    [Symbol.asyncDispose]: close,
  }
}

/** Another process has the write lock of every database. */
async function openLocked(directory: string): Promise<Site> {
  let holder: Child | undefined
  const end = async () => {
    holder?.kill()
    await holder?.ended
  }
  const begin = async () => {
    const files = readdirSync(directory).map((name) => join(directory, name, 'cache.db'))
    const job: LockHolderJob = { files, duration: 60_000 }
    holder = Child.process(LOCK_HOLDER, job, { limit: 90_000 })
    await meet([holder])
  }
  return { place: { directory }, begin, end, [Symbol.asyncDispose]: end }
}
