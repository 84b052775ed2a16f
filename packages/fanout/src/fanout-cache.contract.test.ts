import { type OpenOptions, storeContract, storeModel } from '@diskcache/testkit'
import { inNamespace } from '@diskcache/testkit/memory'
import { FanoutCache } from './fanout-cache.ts'

const open = (directory: string, options: OpenOptions) =>
  new FanoutCache(directory, { shards: 2, timeout: 5_000, ...options })

storeContract('FanoutCache', open, new URL('../tests/open-store.ts', import.meta.url))
// The test command has to be quick, and has a MemoryStore's.
if (process.env.DISKCACHE_ALL_PLATFORMS) {
  storeContract(
    'FanoutCache.namespace()',
    inNamespace(open),
    new URL('../tests/open-namespace.ts', import.meta.url),
  )
}
storeModel('FanoutCache', open, 100)
