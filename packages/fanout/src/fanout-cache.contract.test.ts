import { type OpenOptions, storeContract, storeModel } from '@diskcache/testkit'
import { inNamespace } from '@diskcache/testkit/memory'
import { FanoutCache } from './fanout-cache.ts'

const open = (directory: string, options: OpenOptions) =>
  new FanoutCache(directory, { shards: 2, timeout: 5_000, ...options })

// The test command has to be quick, and has a Cache's, and the model below.
if (process.env.DISKCACHE_ALL_PLATFORMS) {
  storeContract('FanoutCache', open, new URL('../tests/open-store.ts', import.meta.url))
  storeContract(
    'FanoutCache.namespace()',
    inNamespace(open),
    new URL('../tests/open-namespace.ts', import.meta.url),
  )
}
storeModel('FanoutCache', open, 100)
