import { asyncStoreContract } from '@diskcache/testkit'
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

asyncStoreContract(
  'Cache.promises',
  (directory, options) => new Cache(directory, options).promises,
  CAPABILITIES,
)

/** Never behind, so that nothing tells it from a cache without memory. */
const memory = { maxBytes: 2 ** 20, staleness: 0 }

// The test command has to be quick, and has tests/memory.test.ts.
if (process.env.DISKCACHE_ALL_PLATFORMS) {
  asyncStoreContract(
    'Cache.promises with memory',
    (directory, options) => new Cache(directory, { ...options, memory }).promises,
    CAPABILITIES,
  )
}
