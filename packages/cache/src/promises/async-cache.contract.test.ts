import { asyncStoreContract } from '@diskcache/testkit'
import { Cache } from '../cache.ts'

asyncStoreContract('Cache.promises', (directory, options) => new Cache(directory, options).promises, {
  snapshot: true,
  atomicTransact: true,
  insertionOrder: true,
  onBusy: 'throw',
  order: 'insertion',
  transact: true,
  streams: true,
  tags: 'one',
  watch: true,
})
