import type { MemoryOptions } from '@diskcache/core'
import { createClient, createCluster } from 'redis'
import { RedisStore, type RedisStoreOptions } from '../../src/index.ts'

/** Where stores are opened, each in every way, and closed at once: as an argument, in JSON. */
export interface ClosingJob {
  readonly host: string
  readonly port: number
  /** That of a server of a cluster. */
  readonly clusterPort: number
  readonly memory?: MemoryOptions | undefined
}

const { host, port, clusterPort, memory } = JSON.parse(String(process.argv[2])) as ClosingJob
const url = `redis://${host}:${port}`

/** The clients are not connected. */
const sources = (): RedisStoreOptions[] => [
  { url },
  { url: `rediss://${host}:${port}` },
  { client: createClient({ url }) },
  { client: createCluster({ rootNodes: [{ url: `redis://${host}:${clusterPort}` }] }) },
  { sentinel: { name: 'group', sentinelRootNodes: [{ host, port }] } },
]

const idle = sources().map((source) => new RedisStore({ ...source, memory }))
const used = sources().map((source) => new RedisStore({ ...source, memory, timeout: 1_000 }))
for (const store of used) {
  store.get('k').catch(() => {})
  store.waitFor(['k'], { signal: new AbortController().signal }).catch(() => {})
}
await Promise.all([...idle, ...used].map((store) => store.close()))
console.log('closed')
