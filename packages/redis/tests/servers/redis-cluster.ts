import { setTimeout as delay } from 'node:timers/promises'
import { createCluster } from 'redis'
import { connectClient, RedisServer } from './redis-server.ts'

const SLOTS = 16_384
const SIZE = 3

/** How long the servers may take to agree, in milliseconds. */
const START_TIME = 60_000

/** Three primaries on the loopback. */
export class RedisCluster {
  readonly servers: readonly RedisServer[]

  private constructor(servers: readonly RedisServer[]) {
    this.servers = servers
  }

  static async start(): Promise<RedisCluster> {
    const settings = { 'cluster-enabled': 'yes', 'cluster-node-timeout': '30000' }
    const cluster = new RedisCluster(
      await Promise.all(Array.from({ length: SIZE }, () => RedisServer.start({ settings }))),
    )
    await cluster.#join()
    return cluster
  }

  /** A connected client. */
  async connect() {
    const client = createCluster({ rootNodes: this.servers.map(({ url }) => ({ url })) })
    client.on('error', () => {})
    await client.connect()
    return client
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()))
  }

  async #join(): Promise<void> {
    const clients = await Promise.all(this.servers.map(({ url }) => connectClient(url)))
    for (const [i, client] of clients.entries()) {
      const [first, last] = [Math.ceil((i * SLOTS) / SIZE), Math.ceil(((i + 1) * SLOTS) / SIZE) - 1]
      await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', String(first), String(last)])
      await client.sendCommand(['CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1)])
    }
    for (const { port } of this.servers.slice(1))
      await clients[0]?.sendCommand(['CLUSTER', 'MEET', '127.0.0.1', String(port)])
    const end = performance.now() + START_TIME
    for (const client of clients) {
      while (!String(await client.sendCommand(['CLUSTER', 'INFO'])).includes('cluster_slots_ok:16384\r\n')) {
        if (performance.now() > end) throw new Error('The cluster does not come up')
        await delay(20)
      }
      client.destroy()
    }
  }
}
