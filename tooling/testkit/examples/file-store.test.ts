import { asyncStoreContract } from '@diskcache/testkit'
import { MemoryStore } from '@diskcache/testkit/memory'
import { FileStore } from './file-store.ts'

asyncStoreContract(
  'FileStore',
  (directory, options) => new FileStore(directory, options),
  new MemoryStore().capabilities,
)
