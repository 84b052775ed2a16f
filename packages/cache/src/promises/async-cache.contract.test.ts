import { asyncStoreContract, type OpenOptions } from '@diskcache/testkit'
import { inAsyncNamespace } from '@diskcache/testkit/memory'
import { Cache } from '../cache.ts'

const CAPABILITIES = {
  snapshot: true,
  atomicTransact: true,
  orders: ['insertion', 'sorted'],
  onBusy: 'throw',
  transact: true,
  streams: true,
  watch: true,
} as const

const open = (directory: string, options: OpenOptions) => new Cache(directory, options).promises

asyncStoreContract('Cache.promises', open, CAPABILITIES)

/** Never behind, so that nothing tells it from a cache without memory. */
const memory = { maxBytes: 2 ** 20, staleness: 0 }

// The test command has to be quick, and has histories in a namespace, and tests/memory.test.ts.
if (process.env.DISKCACHE_ALL_PLATFORMS) {
  asyncStoreContract('Cache.promises.namespace()', inAsyncNamespace(open), CAPABILITIES)
  asyncStoreContract(
    'Cache.promises with memory',
    (directory, options) => new Cache(directory, { ...options, memory }).promises,
    CAPABILITIES,
  )
}
