import { asyncStoreContract } from '@diskcache/testkit'
import { Cache } from '../cache.ts'

asyncStoreContract('Cache.promises', (directory, options) => new Cache(directory, options).promises, {
  snapshot: true,
  atomicTransact: true,
  orders: ['insertion', 'sorted'],
  onBusy: 'throw',
  transact: true,
  streams: true,
  tags: 'one',
  watch: true,
})
