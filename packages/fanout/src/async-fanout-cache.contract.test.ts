import { asyncStoreContract, type OpenOptions } from '@diskcache/testkit'
import { inAsyncNamespace } from '@diskcache/testkit/memory'
import { FanoutCache } from './fanout-cache.ts'

const CAPABILITIES = {
  snapshot: false,
  atomicTransact: false,
  orders: ['sorted'],
  onBusy: 'throw',
  transact: true,
  streams: true,
  watch: true,
} as const

const open = (directory: string, options: OpenOptions) =>
  new FanoutCache(directory, { shards: 2, ...options }).promises

asyncStoreContract('FanoutCache.promises', open, CAPABILITIES)
// The test command has to be quick, and has a MemoryStore's.
if (process.env.DISKCACHE_ALL_PLATFORMS)
  asyncStoreContract('FanoutCache.promises.namespace()', inAsyncNamespace(open), CAPABILITIES)
