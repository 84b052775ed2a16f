import { setTimeout as delay } from 'node:timers/promises'
import type { SentinelOptions } from '../../src/index.ts'
import { connectClient, RedisServer, type ServerProgram } from './redis-server.ts'

const SIZE = 3
const NAME = 'group'

/** How long a primary may be silent, in milliseconds, before another takes its place. */
const DOWN_TIME = 1_000

/** How long the servers may take to agree, in milliseconds. */
const START_TIME = 60_000

/** A primary, two replicas, and three sentinels that watch them, on the loopback. */
export class SentinelGroup {
  readonly servers: readonly RedisServer[]
  readonly #sentinels: readonly RedisServer[]

  private constructor(servers: readonly RedisServer[], sentinels: readonly RedisServer[]) {
    this.servers = servers
    this.#sentinels = sentinels
  }

  static async start(program?: ServerProgram): Promise<SentinelGroup> {
    const primary = await RedisServer.start({ program, settings: { 'repl-diskless-sync-delay': '0' } })
    const replicaof = `127.0.0.1 ${primary.port}`
    const start = (count: number, settings: Record<string, string>, isSentinel = false) =>
      Promise.all(Array.from({ length: count }, () => RedisServer.start({ program, settings, isSentinel })))
    const replicas = await start(SIZE - 1, { replicaof, 'repl-diskless-sync-delay': '0' })
    const sentinels = await start(SIZE, {}, true)
    const group = new SentinelGroup([primary, ...replicas], sentinels)
    await group.#watch(primary.port)
    return group
  }

  /** What a store is opened with. */
  get options(): SentinelOptions {
    return { name: NAME, sentinelRootNodes: this.#sentinels.map(({ port }) => ({ host: '127.0.0.1', port })) }
  }

  /** The server that the sentinels name. */
  async primary(): Promise<RedisServer> {
    const port = await this.#ask((client) =>
      client.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME]),
    )
    return this.servers.find(
      (server) => server.port === Number((port as unknown as unknown[])[1]),
    ) as RedisServer
  }

  /** Lets another server become the primary. */
  async failover(): Promise<void> {
    await until(() =>
      this.#ask((client) => client.sendCommand(['SENTINEL', 'FAILOVER', NAME])).then(Boolean, () => false),
    )
  }

  /** Resolves when another server is the primary. */
  async replaced(old: RedisServer): Promise<void> {
    await until(async () => {
      const primary = await this.primary()
      return primary !== undefined && primary !== old && (await isPrimary(primary))
    })
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#sentinels, ...this.servers].map((server) => server.stop()))
  }

  async #watch(port: number): Promise<void> {
    for (const sentinel of this.#sentinels) {
      const client = await connectClient(sentinel.url)
      await client.sendCommand(['SENTINEL', 'MONITOR', NAME, '127.0.0.1', String(port), '2'])
      for (const [name, value] of Object.entries({
        'down-after-milliseconds': DOWN_TIME,
        'failover-timeout': 6_000,
      }))
        await client.sendCommand(['SENTINEL', 'SET', NAME, name, String(value)])
      client.destroy()
    }
    for (const sentinel of this.#sentinels)
      await until(async () => {
        const client = await connectClient(sentinel.url)
        const [replicas, others] = await Promise.all(
          ['REPLICAS', 'SENTINELS'].map((what) => client.sendCommand(['SENTINEL', what, NAME])),
        )
        client.destroy()
        return (
          (replicas as unknown as []).length === SIZE - 1 && (others as unknown as []).length === SIZE - 1
        )
      })
  }

  async #ask<T>(question: (client: Awaited<ReturnType<typeof connectClient>>) => Promise<T>): Promise<T> {
    const client = await connectClient((this.#sentinels[0] as RedisServer).url)
    try {
      return await question(client)
    } finally {
      client.destroy()
    }
  }
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + START_TIME; !(await isTrue()); await delay(50))
    if (performance.now() > end) throw new Error('The group does not come up')
}

async function isPrimary({ url }: RedisServer): Promise<boolean> {
  const client = await connectClient(url)
  try {
    return String(((await client.sendCommand(['ROLE'])) as unknown as unknown[])[0]) === 'master'
  } finally {
    client.destroy()
  }
}
