import { type OpenOptions, storeContract, storeModel } from '@diskcache/testkit'
import { inNamespace } from '@diskcache/testkit/memory'
import { Cache } from './cache.ts'

const OPEN_STORE = new URL('../tests/open-store.ts', import.meta.url)

const open = (directory: string, options: OpenOptions) => new Cache(directory, options)

/** Never behind, so that nothing tells it from a cache without memory. The index of tags makes no difference either. */
const openWithMemory = (directory: string, options: OpenOptions) =>
  new Cache(directory, { ...options, memory: { maxBytes: 2 ** 20, staleness: 0 }, tagIndex: true })

storeContract('Cache', open, OPEN_STORE)
// The test command has to be quick, and has the histories below, the contract of promises, and tests/memory.test.ts.
if (process.env.DISKCACHE_ALL_PLATFORMS) {
  storeContract(
    'Cache.namespace()',
    inNamespace(open),
    new URL('../tests/open-namespace.ts', import.meta.url),
  )
  storeContract('Cache with memory', openWithMemory, OPEN_STORE)
}
storeModel('Cache', open, 200)
storeModel('Cache.namespace()', inNamespace(open), 50)
storeModel('Cache with memory', openWithMemory, 50)
