import { asyncStoreContract } from '@diskcache/testkit'
import { MemoryStore } from '@diskcache/testkit/memory'
import { FileStore } from './file-store.ts'

asyncStoreContract(
  'FileStore',
  (directory, { clock }) => new FileStore(directory, { clock }),
  new MemoryStore().capabilities,
)
