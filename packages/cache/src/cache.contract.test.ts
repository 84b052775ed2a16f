import { storeContract, storeModel } from '@diskcache/testkit'
import { Cache } from './cache.ts'

storeContract(
  'Cache',
  (directory, options) => new Cache(directory, options),
  new URL('../tests/open-store.ts', import.meta.url),
)
storeModel('Cache', (directory, options) => new Cache(directory, options), 300)
