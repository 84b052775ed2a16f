import { asyncStoreContract } from '@diskcache/testkit'
import { FanoutCache } from './fanout-cache.ts'

asyncStoreContract(
  'FanoutCache.promises',
  (directory, options) => new FanoutCache(directory, { shards: 2, ...options }).promises,
  {
    snapshot: false,
    atomicTransact: false,
    orders: ['sorted'],
    onBusy: 'throw',
    transact: true,
    streams: true,
    watch: true,
  },
)
