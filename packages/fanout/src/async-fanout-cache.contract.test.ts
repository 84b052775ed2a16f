import { asyncStoreContract, type OpenOptions } from '@diskcache/testkit'
import { inAsyncNamespace } from '@diskcache/testkit/memory'
import { test } from 'vitest'
import { FanoutCache } from './fanout-cache.ts'

const CAPABILITIES = {
  snapshot: false,
  atomicTransact: false,
  orders: ['sorted'],
  onBusy: 'throw',
  transact: true,
  streams: true,
  watch: true,
} as const

const open = (directory: string, options: OpenOptions) =>
  new FanoutCache(directory, { shards: 2, ...options }).promises

// The test command has to be quick, and has a Cache's.
if (process.env.DISKCACHE_ALL_PLATFORMS) {
  asyncStoreContract('FanoutCache.promises', open, CAPABILITIES)
  asyncStoreContract('FanoutCache.promises.namespace()', inAsyncNamespace(open), CAPABILITIES)
} else test.skip('FanoutCache.promises: only with DISKCACHE_ALL_PLATFORMS')
