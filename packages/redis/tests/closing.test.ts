import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, test } from 'vitest'
import type { ClosingJob } from './processes/closing-worker.ts'
import { describeRedis } from './servers/describe-redis.ts'
import { RedisCluster } from './servers/redis-cluster.ts'
import { freePort, RedisServer } from './servers/redis-server.ts'

const WORKER = fileURLToPath(new URL('./processes/closing-worker.ts', import.meta.url))

/** How long a process may take as a whole, in milliseconds: a connection that is left keeps it for half a minute. */
const PATIENCE = 20_000

const MEMORY = [
  ['without memory', undefined],
  ['with memory', { maxBytes: 1_000_000 }],
] as const

/** Resolves to what the process prints, when it has ended by itself. */
async function output(job: ClosingJob): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [WORKER, JSON.stringify(job)], {
    timeout: PATIENCE,
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  return stdout
}

describeRedis('RedisStore.close right after the store was made lets the process end', () => {
  let server: RedisServer
  let cluster: RedisCluster
  const silent: Server = createServer(() => {})
  beforeAll(async () => {
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    server = await RedisServer.start()
    cluster = await RedisCluster.start()
  })
  afterAll(async () => {
    silent.close()
    await server.stop()
    await cluster.stop()
  })

  test.concurrent.for(MEMORY)('where nobody listens: %s', async ([, memory], { expect }) => {
    const port = await freePort()
    expect(await output({ host: '127.0.0.1', port, clusterPort: port, memory })).toBe('closed\n')
  })

  test.concurrent.for(MEMORY)('where the host is unknown: %s', async ([, memory], { expect }) => {
    const job = { host: 'no-such-host.invalid', port: 6_379, clusterPort: 6_379, memory }
    expect(await output(job)).toBe('closed\n')
  })

  test.concurrent.for(MEMORY)('where nobody answers: %s', async ([, memory], { expect }) => {
    const { port } = silent.address() as AddressInfo
    expect(await output({ host: '127.0.0.1', port, clusterPort: port, memory })).toBe('closed\n')
  })

  test.concurrent.for(MEMORY)('where Redis is there: %s', async ([, memory], { expect }) => {
    const clusterPort = (cluster.servers[0] as RedisServer).port
    expect(await output({ host: '127.0.0.1', port: server.port, clusterPort, memory })).toBe('closed\n')
  })
})
