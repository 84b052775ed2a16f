import { setTimeout as delay } from 'node:timers/promises'
import { createCluster } from 'redis'
import { connectClient, RedisServer, type ServerProgram } from './redis-server.ts'

const SLOTS = 16_384
const SIZE = 3

/** How long the servers may take to agree, in milliseconds. */
const START_TIME = 60_000

export interface ClusterOptions {
  readonly program?: ServerProgram | undefined
  /** Whether every primary has a replica, which takes its place when it is gone for a second. */
  readonly hasReplicas?: boolean
}

type Client = Awaited<ReturnType<typeof connectClient>>

/** Three primaries on the loopback. */
export class RedisCluster {
  readonly servers: readonly RedisServer[]
  /** In the order of the primaries. */
  readonly #replicas: readonly RedisServer[]

  private constructor(servers: readonly RedisServer[], replicas: readonly RedisServer[]) {
    this.servers = servers
    this.#replicas = replicas
  }

  static async start({ program, hasReplicas = false }: ClusterOptions = {}): Promise<RedisCluster> {
    const settings = {
      'cluster-enabled': 'yes',
      'cluster-node-timeout': hasReplicas ? '1000' : '30000',
      'cluster-replica-validity-factor': '0',
      'repl-diskless-sync-delay': '0',
    }
    const start = (count: number) =>
      Promise.all(Array.from({ length: count }, () => RedisServer.start({ program, settings })))
    const cluster = new RedisCluster(await start(SIZE), await start(hasReplicas ? SIZE : 0))
    await cluster.#join()
    return cluster
  }

  /** A connected client, which asks for no new primary by itself: the store sees to that. */
  async connect() {
    const client = createCluster({
      rootNodes: this.servers.map(({ url }) => ({ url })),
      topologyRefreshOnReconnectionAttemptStrategy: false,
    })
    client.on('error', () => {})
    await client.connect()
    return client
  }

  /** The primary that had a slot at the start. */
  serverOf(slot: number): RedisServer {
    return this.servers.find((_, i) => slot < firstSlot(i + 1)) as RedisServer
  }

  async stop(): Promise<void> {
    await Promise.all([...this.servers, ...this.#replicas].map((server) => server.stop()))
  }

  async #join(): Promise<void> {
    await using clients = new AsyncDisposableStack()
    const connect = async ({ url }: RedisServer) =>
      clients.adopt(await connectClient(url), (client) => client.destroy())
    const primaries = await Promise.all(this.servers.map(connect))
    const replicas = await Promise.all(this.#replicas.map(connect))
    for (const [i, client] of primaries.entries()) {
      const range = [String(firstSlot(i)), String(firstSlot(i + 1) - 1)]
      await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', ...range])
      await client.sendCommand(['CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1)])
    }
    for (const { port } of [...this.servers, ...this.#replicas].slice(1))
      await primaries[0]?.sendCommand(['CLUSTER', 'MEET', '127.0.0.1', String(port)])
    for (const [i, replica] of replicas.entries()) await follow(replica, primaries[i] as Client)
    for (const client of primaries)
      await until(async () => {
        const info = String(await client.sendCommand(['CLUSTER', 'INFO']))
        return info.includes('cluster_state:ok\r') && info.includes('cluster_slots_ok:16384\r')
      })
  }
}

function firstSlot(index: number): number {
  return Math.ceil((index * SLOTS) / SIZE)
}

/** Resolves when the replica has everything. */
async function follow(replica: Client, primary: Client): Promise<void> {
  const id = String(await primary.sendCommand(['CLUSTER', 'MYID']))
  // It must have heard of its primary first.
  await until(() => replica.sendCommand(['CLUSTER', 'REPLICATE', id]).then(Boolean, () => false))
  await until(async () => String(await replica.info('replication')).includes('master_link_status:up'))
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + START_TIME; !(await isTrue()); await delay(20))
    if (performance.now() > end) throw new Error('The cluster does not come up')
}
