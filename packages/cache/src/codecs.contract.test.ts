import { asyncStoreContract, type OpenOptions, storeContract, storeModel } from '@diskcache/testkit'
import { encryptedDisk } from '../tests/open-encrypted.ts'
import { Cache } from './cache.ts'

const OPEN_STORE = new URL('../tests/open-encrypted.ts', import.meta.url)

const open = (directory: string, options: OpenOptions) =>
  new Cache(directory, { ...options, disk: encryptedDisk() })

storeModel('Cache with an EncryptedDisk', open, 50)
// The test command has to be quick, and has these histories, and codecs.test.ts.
if (process.env.DISKCACHE_ALL_PLATFORMS) {
  storeContract('Cache with an EncryptedDisk', open, OPEN_STORE)
  asyncStoreContract(
    'Cache.promises with an EncryptedDisk',
    (directory, options) => open(directory, options).promises,
    {
      snapshot: true,
      atomicTransact: true,
      orders: ['insertion', 'sorted'],
      onBusy: 'throw',
      transact: true,
      streams: true,
      watch: true,
    },
  )
}
